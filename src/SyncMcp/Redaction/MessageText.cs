using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncMcp.Redaction;

/// <summary>The text of a message, for the one search that most messages pass and for its weight: written into buffers that are used again, so that a look costs no memory.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "One a thread, which ends with it; it holds memory alone.")]
internal sealed class MessageText
{
    private const int Kept = 256 * 1024;

    [ThreadStatic]
    private static MessageText? mine;

    private readonly ArrayBufferWriter<byte> bytes = new(16 * 1024);
    private readonly Utf8JsonWriter writer;
    private char[] text = new char[16 * 1024];

    private MessageText() => writer = new(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>True where nothing in the message looks like a secret.</summary>
    public static bool IsClean(JsonNode node)
    {
        var here = mine ??= new();
        try
        {
            return Redactor.IsClean(here.Write(node));
        }
        finally
        {
            here.Shrink();
        }
    }

    /// <summary>Its length in bytes as it is sent.</summary>
    public static int Size(JsonNode node)
    {
        var here = mine ??= new();
        try
        {
            return here.WriteBytes(node).Length;
        }
        finally
        {
            here.Shrink();
        }
    }

    // A message of that size is rare.
    private void Shrink()
    {
        if (text.Length > Kept || bytes.Capacity > Kept)
            mine = null;
    }

    private ReadOnlySpan<byte> WriteBytes(JsonNode node)
    {
        bytes.ResetWrittenCount();
        writer.Reset();
        node.WriteTo(writer);
        writer.Flush();
        return bytes.WrittenSpan;
    }

    private ReadOnlySpan<char> Write(JsonNode node)
    {
        var written = WriteBytes(node);
        if (text.Length < written.Length)
            text = new char[written.Length * 2];
        return text.AsSpan(0, Encoding.UTF8.GetChars(written, text));
    }
}
