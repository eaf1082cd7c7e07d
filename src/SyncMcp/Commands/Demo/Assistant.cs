using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Commands.Demo;

/// <summary>Makes tool calls as an assistant does, and shows each with a short answer.</summary>
internal sealed class Assistant(McpClient client, Screen screen)
{
    /// <summary>Calls a tool, shows what <paramref name="short"/> makes of the answer, and gives its <c>result</c> or, of a list, the whole content.</summary>
    /// <exception cref="StoryEndedException">The call failed: the rest of the story would make no sense.</exception>
    public async Task<JsonObject> CallAsync(string tool, JsonObject arguments, Func<JsonObject, string> @short, CancellationToken ct)
    {
        screen.Call(tool, Shown(arguments));
        var (isError, content) = await QuietAsync(tool, arguments, ct);
        if (isError)
            throw new StoryEndedException($"{tool}: {content["code"]}: {content["message"]} {content["next"]} {content["details"]?.ToJsonString()}");
        var thing = content["result"] as JsonObject ?? content;
        screen.Answer(@short(thing));
        return thing;
    }

    /// <summary>Calls a tool that the guard is to hold back; shows the refusal and gives it.</summary>
    public async Task<JsonObject> RefusedAsync(string tool, JsonObject arguments, CancellationToken ct)
    {
        screen.Call(tool, Shown(arguments));
        var (isError, content) = await QuietAsync(tool, arguments, ct);
        screen.Answer(isError ? $"{content["outcome"]}, {content["code"]}: {content["message"]}" : "executed", isError);
        return content;
    }

    /// <summary>Calls a tool and shows nothing.</summary>
    public async Task<(bool IsError, JsonObject Content)> QuietAsync(string tool, JsonObject arguments, CancellationToken ct)
    {
        var result = await client.CallToolAsync(new CallToolRequestParams
        {
            Name = tool,
            Arguments = arguments.ToDictionary(argument => argument.Key, argument => JsonElement.Parse(argument.Value?.ToJsonString() ?? "null")),
        }, ct);
        return (result.IsError == true, result.StructuredContent is { } content ? JsonNode.Parse(content.GetRawText())!.AsObject() : []);
    }

    /// <summary>Reads a resource and shows what <paramref name="short"/> makes of its JSON.</summary>
    public async Task<JsonObject> ReadAsync(string uri, Func<JsonObject, IEnumerable<string>> @short, CancellationToken ct)
    {
        screen.Call("resources/read", uri);
        var read = await client.ReadResourceAsync(uri, cancellationToken: ct);
        var content = JsonNode.Parse(((TextResourceContents)read.Contents[0]).Text)!.AsObject();
        foreach (var line in @short(content))
            screen.Answer(line);
        return content;
    }

    private static string Shown(JsonObject arguments)
    {
        var shown = arguments.DeepClone().AsObject();
        if (shown["properties"] is JsonObject properties && properties.ContainsKey("Password"))
            properties["Password"] = Client.Secrets.Mask;
        return Filters.Text.Cut(shown.ToJsonString(Readable), 160);
    }

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <summary>A step failed without which the demo cannot go on; the message says which and why.</summary>
internal sealed class StoryEndedException(string message) : Exception(message);
