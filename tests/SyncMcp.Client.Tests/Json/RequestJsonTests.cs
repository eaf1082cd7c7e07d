using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Jobs;

namespace SyncMcp.Client.Tests.Json;

/// <summary>Requests as JSON and back, with the three states of an update: absent, null and value.</summary>
public sealed class RequestJsonTests
{
    [Fact]
    public void A_workspace_that_is_not_named_is_the_default_one() =>
        Assert.Equal("default", ((ListJobs)JobEndpoints.List.Read([])).WorkspaceId);

    [Fact]
    public void A_required_member_that_is_missing_is_named()
    {
        var error = Assert.Throws<JsonException>(() => JobEndpoints.Create.Read(new() { ["name"] = "n" }));
        Assert.Contains("source_connection", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_is_remembered_and_absent_is_not()
    {
        var request = (UpdateJob)JobEndpoints.Update.Read(Parse("""{"job_id":"j","labels":null,"name":"n"}"""));
        Assert.Equal(["labels"], request.Clear);
        Assert.Equal("""{"job_id":"j","name":"n","labels":null}""", JobEndpoints.Update.Write(request).ToJsonString());
    }

    [Fact]
    public void Null_inside_an_object_clears_that_member_only()
    {
        var request = (UpdateJob)JobEndpoints.Update.Read(Parse("""{"job_id":"j","schedule":{"cron":null,"enabled":false}}"""));
        Assert.Equal(["schedule/cron"], request.Clear);
        Assert.Equal("""{"job_id":"j","schedule":{"enabled":false,"cron":null}}""", JobEndpoints.Update.Write(request).ToJsonString());
    }

    [Fact]
    public void A_dictionary_carries_its_nulls_itself()
    {
        var request = (UpdateConnection)ConnectionEndpoints.Update.Read(Parse("""{"connection_id":"c","properties":{"Data Source":null,"a/b~c":"x"}}"""));
        Assert.Null(request.Clear);
        Assert.Equal("""{"connection_id":"c","properties":{"Data Source":null,"a/b~c":"x"}}""", ConnectionEndpoints.Update.Write(request).ToJsonString());
    }

    [Fact]
    public void Names_with_slashes_and_tildes_survive()
    {
        var request = new UpdateConnection { ConnectionId = "c", Clear = ["properties/a~1b~0c"] };
        Assert.Equal("""{"connection_id":"c","properties":{"a/b~c":null}}""", ConnectionEndpoints.Update.Write(request).ToJsonString());
    }

    [Fact]
    public void A_member_called_clear_never_travels() =>
        Assert.DoesNotContain("clear", JobEndpoints.Update.Write(new UpdateJob { JobId = "j", Clear = [] }).Select(member => member.Key));

    [Fact]
    public void Ids_beyond_what_a_number_holds_keep_their_digits() =>
        Assert.Equal("12345678901234567890", ((JobKey)JobEndpoints.Get.Read(Parse("""{"job_id":12345678901234567890}"""))).JobId);

    [Fact]
    public void What_is_written_is_read_and_what_is_read_is_written() => Patch.Sample(
        patch =>
        {
            var once = JobEndpoints.Update.Write(JobEndpoints.Update.Read(patch.DeepClone().AsObject()));
            Assert.True(JsonNode.DeepEquals(patch, once), $"{patch.ToJsonString()} became {once.ToJsonString()}");
        },
        iter: 2000);

    [Fact]
    public void So_it_is_for_connections() => ConnectionPatch.Sample(
        patch =>
        {
            var once = ConnectionEndpoints.Update.Write(ConnectionEndpoints.Update.Read(patch.DeepClone().AsObject()));
            Assert.True(JsonNode.DeepEquals(patch, once), $"{patch.ToJsonString()} became {once.ToJsonString()}");
        },
        iter: 2000);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static readonly Gen<JsonNode?> Text = Gen.String[Gen.Char.AlphaNumeric, 0, 8].Select(text => (JsonNode?)text);

    private static readonly Gen<JsonNode?> Truth = Gen.Bool.Select(truth => (JsonNode?)truth);

    private static readonly Gen<JsonNode?> Labels = Gen.String[Gen.Char.AlphaNumeric, 0, 5].Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => (JsonNode)item)]));

    private static readonly Gen<JsonNode?> Schedule = Members(("enabled", Truth), ("cron", Text));

    private static readonly Gen<JsonNode?> Settings = Members(("verbosity", Text), ("drop_table", Truth), ("batch_size", Gen.Int[1, 1000].Select(count => (JsonNode?)count)), ("vendor_only", Text));

    private static readonly Gen<JsonNode?> Properties = Gen.Dictionary(Gen.String[Gen.Char[" /~abc"], 1, 5], Gen.OneOf(Text, Gen.Const((JsonNode?)null)))[0, 4]
        .Select(pairs => (JsonNode?)new JsonObject(pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))));

    private static readonly Gen<JsonObject> Patch = Members(("name", Text), ("labels", Labels), ("schedule", Schedule), ("settings", Settings))
        .Select(node => With("job_id", node!.AsObject()));

    private static readonly Gen<JsonObject> ConnectionPatch = Members(("name", Text), ("labels", Labels), ("properties", Properties), ("settings", Members(("logfile_verbosity", Text), ("vendor_only", Text))))
        .Select(node => With("connection_id", node!.AsObject()));

    private static JsonObject With(string id, JsonObject members)
    {
        members[id] = "x";
        return members;
    }

    // Each member is absent, null or a value.
    private static Gen<JsonNode?> Members(params (string Name, Gen<JsonNode?> Value)[] members) =>
        Gen.Int[0, 4].Array[members.Length].SelectMany(states =>
            members.Aggregate(Gen.Const(() => new JsonObject()), (made, member) =>
                Gen.Select(made, member.Value, Gen.Const(states[Array.IndexOf(members, member)]), (into, value, state) =>
                {
                    var next = into.DeepClone().AsObject();
                    if (state > 0)
                        next[member.Name] = state == 1 ? null : value?.DeepClone();
                    return next;
                })).Select(made => (JsonNode?)made));
}
