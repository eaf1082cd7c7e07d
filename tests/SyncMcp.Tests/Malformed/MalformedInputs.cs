using System.Text;
using System.Text.Json.Nodes;

namespace SyncMcp.Tests.Malformed;

/// <summary>
/// Inputs that no client means: messages of the protocol, bent as JSON (values of another kind, names twice, depths, lengths) and as bytes (cut, flipped,
/// doubled, foreign). The same seed gives the same inputs. Both transports are fed with them.
/// </summary>
internal sealed class MalformedInputs(int seed)
{
    private static readonly string[] Methods =
    [
        "initialize", "ping", "server/discover", "tools/list", "tools/call", "resources/list", "resources/templates/list", "resources/read", "resources/subscribe",
        "resources/unsubscribe", "subscriptions/listen", "completion/complete", "prompts/list", "prompts/get", "logging/setLevel", "tasks/get", "nothing/here", "",
        "notifications/initialized", "notifications/cancelled", "notifications/progress", "notifications/roots/list_changed", "elicitation/create", "sampling/createMessage",
    ];

    private static readonly string[] Tools = ["list_workspaces", "get_job", "list_jobs", "get_job_run", "find_operations", "call_read", "execute_job", "create_workspace", "delete_job", "no_such_tool", ""];

    private static readonly string[] Words =
    [
        "", "default", "name", "\u0000", "\ud83d\ude00", "a\u202eb", "%00", "../../etc/passwd", "sync://jobs/x/history", "sync://", "file:///etc/passwd", "2025-11-25", "2026-07-28", "1999-01-01",
        "${secret:x}", "'; DROP TABLE jobs; --", "<script>", "\\", "\"", "{}", "[]", "null", "true", "NaN", "1e999",
    ];

    private readonly Random random = new(seed);

    /// <summary>The next one.</summary>
    public byte[] Next()
    {
        var text = random.Next(12) == 0 ? Nonsense() : Message().ToJsonString();
        for (var times = random.Next(3); times > 0; times--)
            text = Bend(text);
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var times = random.Next(5) == 0 ? random.Next(1, 4) : 0; times > 0; times--)
            bytes = Damage(bytes);
        return bytes;
    }

    /// <summary>The next one as one line: without what ends a line.</summary>
    public byte[] NextLine() => [.. Next().Where(one => one != (byte)'\n')];

    private JsonObject Message()
    {
        var message = new JsonObject { ["jsonrpc"] = "2.0" };
        var method = Pick(Methods);
        if (!method.StartsWith("notifications/", StringComparison.Ordinal) || random.Next(8) == 0)
            message["id"] = random.Next(6) == 0 ? Value(1) : random.Next(1, 1_000_000);
        if (random.Next(10) == 0)
            message[random.Next(2) == 0 ? "result" : "error"] = Value(2);
        else
            message["method"] = method;
        if (random.Next(6) != 0)
            message["params"] = random.Next(6) == 0 ? Value(3) : Parameters(method);
        return message;
    }

    private JsonObject Parameters(string method)
    {
        var parameters = method switch
        {
            "initialize" => new JsonObject { ["protocolVersion"] = Sometimes("2025-11-25"), ["capabilities"] = Sometimes(new JsonObject()), ["clientInfo"] = Sometimes(new JsonObject { ["name"] = "x", ["version"] = "1" }) },
            "tools/call" => new JsonObject { ["name"] = Sometimes(Pick(Tools)), ["arguments"] = Sometimes(Arguments()) },
            "resources/read" or "resources/subscribe" or "resources/unsubscribe" => new JsonObject { ["uri"] = Sometimes(Pick(Words)) },
            "completion/complete" => new JsonObject
            {
                ["ref"] = Sometimes(new JsonObject { ["type"] = Sometimes("ref/resource"), ["uri"] = Sometimes("sync://jobs/{job_id}/history") }),
                ["argument"] = Sometimes(new JsonObject { ["name"] = Sometimes("job_id"), ["value"] = Sometimes(Pick(Words)) }),
            },
            "subscriptions/listen" => new JsonObject { ["notifications"] = Sometimes(new JsonObject { ["resourceSubscriptions"] = Sometimes(new JsonArray(Pick(Words))) }) },
            "notifications/cancelled" => new JsonObject { ["requestId"] = Sometimes(random.Next(1_000_000)), ["reason"] = Sometimes("x") },
            _ => [],
        };
        if (random.Next(4) == 0)
        {
            parameters["_meta"] = Sometimes(new JsonObject
            {
                ["progressToken"] = Sometimes(7),
                ["io.modelcontextprotocol/protocolVersion"] = Sometimes(random.Next(2) == 0 ? "2026-07-28" : Pick(Words)),
                ["io.modelcontextprotocol/clientInfo"] = Sometimes(new JsonObject { ["name"] = "x", ["version"] = "1" }),
                ["io.modelcontextprotocol/clientCapabilities"] = Sometimes(new JsonObject { ["elicitation"] = Sometimes(new JsonObject()) }),
            });
        }

        if (random.Next(8) == 0)
            parameters[Pick(["cursor", "requestState", "inputResponses", "task", Pick(Words)])] = Value(2);
        return parameters;
    }

    private JsonObject Arguments()
    {
        var arguments = new JsonObject();
        for (var count = random.Next(4); count > 0; count--)
            arguments[Pick(["job_id", "workspace_id", "history_id", "name", "limit", "cursor", "fields", "operation", "arguments", "confirmation_token", "idempotency_key", Pick(Words)])] = Value(3);
        return arguments;
    }

    private JsonNode? Sometimes(JsonNode value) => random.Next(8) == 0 ? Value(2) : value;

    private JsonNode? Value(int depth) => random.Next(depth > 0 ? 10 : 8) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.Next(-5, 1_000_000),
        3 => random.NextDouble() * Math.Pow(10, random.Next(-300, 300)),
        4 => long.MaxValue - random.Next(10),
        5 => new string((char)random.Next('a', 'z'), random.Next(random.Next(50) == 0 ? 100_000 : 300)),
        6 or 7 => Pick(Words),
        8 => new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => Value(depth - 1))]),
        _ => new JsonObject(Enumerable.Range(0, random.Next(5)).Select(n => KeyValuePair.Create($"{Pick(Words)}{n}", Value(depth - 1)))),
    };

    private string Bend(string text) => random.Next(14) switch
    {
        0 => text[..random.Next(text.Length + 1)],
        1 => $"[{text},{text}]",
        2 => text.Replace("\"params\":", "\"params\":{},\"params\":", StringComparison.Ordinal),
        3 => text.Replace("\"id\":", "\"id\":null,\"id\":", StringComparison.Ordinal),
        4 => text.Replace("{}", Nested('{', random.Next(1, 3_000)), StringComparison.Ordinal),
        5 => text.Replace("\"default\"", "\"\\ud800\"", StringComparison.Ordinal).Replace("\"x\"", "\"\\udc00x\"", StringComparison.Ordinal),
        6 => text.Replace("\"2.0\"", Pick(["\"1.0\"", "2.0", "null", "\"2.0 \""]), StringComparison.Ordinal),
        7 => text.Replace(":1", ":" + new string('9', random.Next(1, 400)), StringComparison.Ordinal),
        8 => "\uFEFF" + text,
        9 => text + text,
        10 => text.Replace("\"method\":", "\"Method\":", StringComparison.Ordinal),
        11 => text.Replace(",", ",,", StringComparison.Ordinal),
        12 => new string(' ', random.Next(2_000)) + text + new string('\t', random.Next(50)),
        _ => random.Next(400) == 0 ? $$"""{"padding":"{{new string('x', 5 * 1024 * 1024)}}",{{text.TrimStart('{')}}""" : text + "}",
    };

    private static string Nested(char open, int depth) => open == '['
        ? new string('[', depth) + new string(']', depth)
        : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    private string Nonsense() => random.Next(6) switch
    {
        0 => Nested('[', random.Next(1, 5_000)),
        1 => string.Concat(Enumerable.Range(0, random.Next(200)).Select(_ => (char)random.Next(32, 0x2FF))),
        2 => Value(4)?.ToJsonString() ?? "null",
        3 => "GET /mcp HTTP/1.1",
        4 => "Content-Length: 52\r\n\r\n{}",
        _ => "",
    };

    private byte[] Damage(byte[] bytes)
    {
        if (bytes.Length == 0)
            return [(byte)random.Next(256)];
        var at = random.Next(bytes.Length);
        var count = Math.Min(random.Next(1, 20), bytes.Length - at);
        return random.Next(5) switch
        {
            0 => [.. bytes[..at], .. bytes[(at + count)..]],
            1 => [.. bytes[..at], .. bytes[at..(at + count)], .. bytes[at..]],
            2 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
            3 => [.. bytes[..at], 0xC3, 0x28, 0xED, 0xA0, 0x80, .. bytes[at..]], // no UTF-8
            _ => [.. bytes.Select((one, n) => n == at ? (byte)(one ^ (1 << random.Next(8))) : one)],
        };
    }

    private string Pick(string[] from) => from[random.Next(from.Length)];
}
