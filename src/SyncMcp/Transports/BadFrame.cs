using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Transports;

/// <summary>Turns a line that is no message into a JSON-RPC error, with the request's id wherever it can be found, so that no caller waits for ever.</summary>
internal static partial class BadFrame
{
    public static JsonRpcError TooLong(Line line, int limit) =>
        Error(IdInHead(line.Text.Span) ?? IdInTail(line.Tail.Span), McpErrorCode.InvalidRequest,
            $"The message is longer than {limit / 1024 / 1024} MiB and was not read. Send less in one call.");

    public static JsonRpcError Crowded(RequestId id, int limit) =>
        Error(id, McpErrorCode.InternalError, $"{limit} requests are open already. Wait for some of their answers, then send this again.");

    public static JsonRpcError Batch() =>
        Error(null, McpErrorCode.InvalidRequest, "No batch is taken (only revision 2025-03-26 had any): send one JSON object a line.");

    public static JsonRpcError Unreadable(ReadOnlySpan<byte> line)
    {
        var id = IdInHead(line);
        return IsJson(line)
            ? Error(id, McpErrorCode.InvalidRequest, "This is JSON but no JSON-RPC 2.0 message: \"jsonrpc\":\"2.0\", a \"method\" and, for a request, an \"id\" (text or integer) are needed.")
            : Error(id, McpErrorCode.ParseError, "This line is not JSON, or is nested more than 64 levels deep. One JSON-RPC message a line is read.");
    }

    private static JsonRpcError Error(RequestId? id, McpErrorCode code, string message) =>
        new() { Id = id ?? default, Error = new() { Code = (int)code, Message = message } };

    private static bool IsJson(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Only the top level counts, and the line may end anywhere: what was read before the fault is enough.
    private static RequestId? IdInHead(ReadOnlySpan<byte> head)
    {
        try
        {
            var reader = new Utf8JsonReader(head, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = int.MaxValue }));
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("id"u8))
                    continue;
                if (!reader.Read())
                    return null;
                return reader.TokenType switch
                {
                    JsonTokenType.String => new RequestId(reader.GetString()!),
                    JsonTokenType.Number when reader.TryGetInt64(out var number) => new RequestId(number),
                    _ => null,
                };
            }
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException)
        {
            return null;
        }

        return null;
    }

    // Many clients write the id last. The brace that ends the line closes the outermost object, so an id right before it is the message's own.
    private static RequestId? IdInTail(ReadOnlySpan<byte> tail)
    {
        var match = LastMember().Match(Encoding.UTF8.GetString(tail));
        if (!match.Success)
            return null;
        return match.Groups["text"].Success
            ? new RequestId(match.Groups["text"].Value)
            : long.TryParse(match.Groups["number"].ValueSpan, out var number) ? new RequestId(number) : null;
    }

    [GeneratedRegex("""(?<!\\)"id"\s*:\s*(?:(?<number>-?\d{1,18})|"(?<text>[^"\\]{1,200})")\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*\z""", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex LastMember();
}
