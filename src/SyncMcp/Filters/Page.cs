using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SyncMcp.Filters;

/// <summary>Which part of an answer is meant: items of a list from an offset on, or one long member of a thing from a character or item on.</summary>
/// <param name="Offset">Items or characters left out first.</param>
/// <param name="Limit">Items of a page.</param>
/// <param name="Member">JSON pointer of the long member; null for a list.</param>
internal sealed record Page(int Offset = 0, int Limit = Page.DefaultLimit, string? Member = null)
{
    public const int DefaultLimit = 25;
    public const int MaxLimit = 200;

    /// <summary>The cursor of a part: opaque, bound to the tool and the arguments that it goes on with.</summary>
    public static string Cursor(Call call, int offset, string? member = null)
    {
        var text = $"{offset}\n{member}";
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{text}\n{Hash(call, text)}"));
    }

    /// <summary>The page that the control arguments of a call ask for; ids must be resolved, because the hash is over them.</summary>
    public static Page Of(Call call)
    {
        var limit = Math.Clamp(call.Controls.Limit ?? DefaultLimit, 1, MaxLimit);
        if (call.Controls.Cursor is not { } cursor)
            return new(0, limit);
        if (Read(cursor) is not { } parts || !int.TryParse(parts[0], out var offset) || offset < 0)
            throw Bent("The cursor is not one that this server gave.");
        if (parts[2] != Hash(call, $"{parts[0]}\n{parts[1]}"))
            throw Bent("The cursor belongs to a call with another tool or other arguments.");
        return new(offset, limit, parts[1].Length > 0 ? parts[1] : null);
    }

    private static ToolException Bent(string why) =>
        new(new("invalid_cursor", why, "Give next_cursor back unchanged, with the same arguments as before; or leave cursor away to begin anew."));

    private static string[]? Read(string cursor)
    {
        try
        {
            var parts = cursor.Length > 1000 ? [] : Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('\n');
            return parts.Length == 3 ? parts : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Hash(Call call, string text)
    {
        var arguments = new JsonObject();
        foreach (var (name, value) in call.Arguments.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            if (name is not ("limit" or "offset"))
                arguments[name] = value?.DeepClone();
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{call.Tool}\n{arguments.ToJsonString()}\n{text}")), 0, 8);
    }
}
