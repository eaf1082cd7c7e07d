using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>
/// Append-only JSON lines, each with a MAC over itself and the one before; the key lies outside the log, and the head is counted in the state store, so
/// that an edited line and a cut tail show. One program writes at a time: the store's write lock is held while a line goes to disk.
/// </summary>
internal sealed class AuditLog(StateStore store, OperatorPlace place, string dataDirectory)
{
    private const string First = "0";
    private readonly string path = Path.Combine(Path.GetFullPath(dataDirectory), "audit", "audit.jsonl");
    private byte[]? key;

    /// <summary>Where the lines are.</summary>
    public string File => path;

    /// <summary>Writes a line to disk; gives its number, for others to refer to.</summary>
    /// <exception cref="IOException">It cannot be written; whoever wanted to act must not.</exception>
    public long Append(JsonObject line)
    {
        key ??= place.Key("audit.key");
        return store.Write(session =>
        {
            using var file = Open();
            var head = Head.Read(session.Fact(path, "audit_head"));
            head = Adopt(file, head);
            var number = head.Number + 1;
            var (text, mac) = Seal(number, head.Mac, line);
            Write(file, text);
            session.Keep(path, "audit_head", new Head(number, mac, file.Length).ToString());
            return number;
        });
    }

    /// <summary>The lines, and what is wrong with them; an unbroken log gives no trouble.</summary>
    public (IReadOnlyList<JsonObject> Lines, IReadOnlyList<AuditTrouble> Trouble) Verify()
    {
        key ??= place.Key("audit.key");
        var head = Head.Read(store.Read(session => session.Fact(path, "audit_head")));
        return new AuditCheck(IsSealed, First).Run(Lines(head.Length), head.Number, head.Mac);
    }

    // Half a line beyond what was counted is of a program that died while it wrote: nobody acted on it, and the next line takes its place.
    private string[] Lines(long counted)
    {
        if (!System.IO.File.Exists(path))
            return [];
        var text = System.IO.File.ReadAllText(path);
        var end = text.LastIndexOf('\n') + 1;
        if (end < text.Length && Encoding.UTF8.GetByteCount(text.AsSpan(0, end)) >= counted)
            text = text[..end];
        var lines = text.Split('\n');
        return lines is [.., ""] ? lines[..^1] : lines;
    }

    private static void Write(FileStream file, byte[] text)
    {
        var end = file.Length;
        file.Position = end;
        try
        {
            file.Write(text);
            file.Flush(flushToDisk: true);
        }
        catch (IOException) when (file.Length > end)
        {
            file.SetLength(end); // a full disk takes half a line
            throw;
        }
    }

    private FileStream Open()
    {
        var folder = Path.GetDirectoryName(path)!;
        // The data directory first, where the log comes before the engine: a folder above the one that is made would be open to others.
        foreach (var made in (string[])[Path.GetDirectoryName(folder)!, folder])
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(made);
            else
                Directory.CreateDirectory(made, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        // A data directory that came from elsewhere could lead our lines into any file of the account.
        if (new DirectoryInfo(folder).LinkTarget is not null || new FileInfo(path).LinkTarget is not null)
            throw new IOException($"{path} leads elsewhere by a link; the audit log must lie in the data directory itself.");
        OperatorPlace.MakePrivate(path);
        return new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
    }

    // A program that died between writing its line and counting it leaves a good line beyond the head (it stays), or half of one (it goes: nobody acted on it).
    private Head Adopt(FileStream file, Head head)
    {
        if (file.Length <= head.Length)
            return head;
        file.Position = head.Length;
        var rest = new byte[file.Length - head.Length];
        file.ReadExactly(rest);
        var end = Array.IndexOf(rest, (byte)'\n');
        if (end >= 0 && Parse(Encoding.UTF8.GetString(rest, 0, end)) is { } line && (long)line["n"]! == head.Number + 1 && line["prev"]?.ToString() == head.Mac && IsSealed(line))
            return Adopt(file, new(head.Number + 1, line["mac"]!.ToString(), head.Length + end + 1));
        if (end < 0)
            file.SetLength(head.Length);
        return head;
    }

    private (byte[] Text, string Mac) Seal(long number, string previous, JsonObject line)
    {
        var whole = new JsonObject { ["n"] = number, ["prev"] = previous };
        foreach (var (name, value) in line)
            whole[name] = value?.DeepClone();
        var mac = Mac(whole);
        whole["mac"] = mac;
        return (Encoding.UTF8.GetBytes(whole.ToJsonString(Filters.Budget.Json) + "\n"), mac);
    }

    private bool IsSealed(JsonObject line)
    {
        var stated = line["mac"]!.ToString();
        var open = line.DeepClone().AsObject();
        open.Remove("mac");
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(stated), Encoding.UTF8.GetBytes(Mac(open)));
    }

    private string Mac(JsonObject line) => Convert.ToHexStringLower(HMACSHA256.HashData(key!, Encoding.UTF8.GetBytes(Canonical.Of(line))));

    /// <summary>A line of the log; null for what is none.</summary>
    public static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject line && line["n"] is JsonValue n && n.TryGetValue<long>(out _) && line["mac"] is JsonValue ? line : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    // Number and MAC of the last line, and where it ends.
    private sealed record Head(long Number, string Mac, long Length)
    {
        public static Head Read(string? text) => text?.Split(' ') is [var number, var mac, var length] ? new(long.Parse(number), mac, long.Parse(length)) : new(0, First, 0);

        public override string ToString() => $"{Number} {Mac} {Length}";
    }
}
