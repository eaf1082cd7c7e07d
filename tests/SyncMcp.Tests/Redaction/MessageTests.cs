using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using SyncMcp.Redaction;

namespace SyncMcp.Tests.Redaction;

/// <summary>Every kind of message at the last door.</summary>
public sealed class MessageTests
{
    private const string Shown = "said Password=c4nary-5d21;";
    private const string Masked = "said Password=********;";

    [Fact]
    public void Results_requests_and_notifications_are_masked_wherever_text_stands_in_them()
    {
        var result = new JsonRpcResponse { Id = new(1), Result = new JsonObject { ["content"] = new JsonArray(new JsonObject { ["text"] = Shown }, Shown, null) } };
        var request = new JsonRpcRequest { Method = "elicitation/create", Params = new JsonObject { ["message"] = Shown } };
        var notification = new JsonRpcNotification { Method = "notifications/message", Params = new JsonObject { ["data"] = Shown } };

        Boundary.Check(result);
        Boundary.Check(request);
        Boundary.Check(notification);

        Assert.Equal(Masked, (string)result.Result!["content"]![0]!["text"]!);
        Assert.Equal(Masked, (string)result.Result["content"]![1]!);
        Assert.Equal(Masked, (string)request.Params!["message"]!);
        Assert.Equal(Masked, (string)notification.Params!["data"]!);
    }

    [Fact]
    public void An_error_is_masked_in_its_message_and_in_data_of_every_type_and_what_cannot_be_looked_through_does_not_leave()
    {
        static object? Sent(object? data)
        {
            var error = new JsonRpcError { Id = new(1), Error = new JsonRpcErrorDetail { Code = -32603, Message = Shown, Data = data } };
            Boundary.Check(error);
            Assert.Equal(Masked, error.Error.Message);
            return error.Error.Data;
        }

        Assert.Null(Sent(null));
        Assert.Equal(Masked, Sent(Shown));
        Assert.Equal(Masked, (string)((JsonNode)Sent(new JsonObject { ["a"] = Shown })!)["a"]!);
        Assert.Equal(Masked, (string)((JsonNode)Sent(JsonSerializer.SerializeToElement(new JsonObject { ["a"] = Shown }))!)["a"]!);
        Assert.Equal(true, Sent(true));
        Assert.Equal(5, Sent(5));
        Assert.Equal(5L, Sent(5L));
        Assert.Equal(0.5, Sent(0.5));
        Assert.Null(Sent(new System.Text.StringBuilder(Shown)));
    }

    [Fact]
    public void Our_own_schemas_are_not_looked_through()
    {
        var list = new JsonRpcResponse { Id = new(1), Result = new JsonObject { ["tools"] = new JsonArray(new JsonObject { ["password"] = "a text" }) } };
        var tools = new JsonRpcResponse { Id = new(1), Result = new JsonObject { ["tools"] = new JsonObject { ["password"] = "a text" } } };

        Boundary.Check(list);
        Boundary.Check(tools);

        Assert.Equal("a text", (string)list.Result!["tools"]![0]!["password"]!);
        Assert.Equal("********", (string)tools.Result!["tools"]!["password"]!);
    }

    [Theory]
    [InlineData("serverInfo", true)]
    [InlineData("supportedVersions", true)]
    [InlineData("else", false)]
    public void Capabilities_that_do_nothing_are_not_told_by_who_introduces_us(string beside, bool introduces)
    {
        var message = new JsonRpcResponse
        {
            Id = new(1),
            Result = new JsonObject
            {
                [beside] = new JsonObject(),
                ["capabilities"] = new JsonObject { ["logging"] = new JsonObject(), ["tools"] = new JsonObject { ["listChanged"] = true, ["x"] = 1 }, ["other"] = true, ["none"] = null },
            },
        };

        Boundary.Check(message);

        var told = message.Result!["capabilities"]!.AsObject();
        Assert.Equal(!introduces, told.ContainsKey("logging"));
        Assert.Equal(!introduces, told["tools"]!.AsObject().ContainsKey("listChanged"));
        Assert.Equal(1, (int)told["tools"]!["x"]!);
        Assert.True((bool)told["other"]!);
    }

    [Fact]
    public void A_message_of_any_size_is_looked_through_and_so_is_the_next()
    {
        foreach (var size in new[] { 1, 16 * 1024, 100_000, 300_000, 10, 200_000 })
        {
            var notification = new JsonRpcNotification { Method = "m", Params = new JsonObject { ["before"] = new string('ä', size), ["data"] = Shown } };
            Boundary.Check(notification);
            Assert.Equal(Masked, (string)notification.Params!["data"]!);

            var clean = new JsonObject { ["before"] = new string('ä', size) };
            Assert.True(MessageText.IsClean(clean));
            Assert.False(MessageText.IsClean(new JsonObject { ["before"] = new string('ä', size), ["data"] = "x://a:b@c" }));
        }
    }
}
