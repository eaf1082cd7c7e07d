using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>What travels with a question to the client and back, signed, so that only an answer to a question that we asked counts as one.</summary>
/// <param name="Nonce">Names the open question.</param>
/// <param name="Bound">Hash of the call that was asked about.</param>
/// <param name="State">Hash of the state that was shown.</param>
/// <param name="AskedAt">When, in milliseconds.</param>
internal sealed record QuestionState(string Nonce, string Bound, string State, long AskedAt)
{
    /// <summary>Signed text.</summary>
    /// <param name="by">The key and its name.</param>
    public string Sign((string Id, byte[] Key) by)
    {
        var body = Encoding.UTF8.GetBytes(new JsonObject { ["n"] = Nonce, ["b"] = Bound, ["s"] = State, ["t"] = AskedAt }.ToJsonString());
        return $"{by.Id}.{Base64Url.EncodeToString(body)}.{Base64Url.EncodeToString(HMACSHA256.HashData(by.Key, body))}";
    }

    /// <summary>The state behind a signed text; null for one that we did not sign.</summary>
    /// <param name="text">What came back.</param>
    /// <param name="key">A key by its name.</param>
    public static QuestionState? Read(string text, Func<string, byte[]?> key)
    {
        try
        {
            if (text.Length > 2_000 || text.Split('.') is not [var id, var body64, var mac64] || key(id) is not { } secret)
                return null;
            var body = Base64Url.DecodeFromChars(body64);
            if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret, body), Base64Url.DecodeFromChars(mac64)))
                return null;
            var members = JsonNode.Parse(body)!.AsObject();
            return new(members["n"]!.GetValue<string>(), members["b"]!.GetValue<string>(), members["s"]!.GetValue<string>(), members["t"]!.GetValue<long>());
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
