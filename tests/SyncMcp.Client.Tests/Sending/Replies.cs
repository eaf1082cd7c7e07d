using System.Net.Sockets;
using System.Text;

namespace SyncMcp.Client.Tests.Sending;

/// <summary>What a server does, well and badly.</summary>
internal static class Replies
{
    /// <summary>An answer with JSON.</summary>
    public static Reply Answer(int status, string body, params string[] headers) => Text(status, "application/json", body, headers);

    /// <summary>An answer with any body.</summary>
    public static Reply Text(int status, string type, string body, params string[] headers) => (stream, ct) =>
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var head = new StringBuilder($"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nContent-Length: {bytes.Length}\r\n");
        foreach (var header in headers)
            head.Append(header).Append("\r\n");
        return stream.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. bytes], ct).AsTask();
    };

    /// <summary>204.</summary>
    public static Reply NoContent { get; } = Raw("HTTP/1.1 204 X\r\n\r\n");

    /// <summary>The connection is reset before a byte of the answer.</summary>
    public static Reply Reset { get; } = (stream, _) =>
    {
        Abort(stream);
        return Task.CompletedTask;
    };

    /// <summary>The connection is reset after the headers and half of the body.</summary>
    public static Reply ResetInBody { get; } = async (stream, ct) =>
    {
        await stream.WriteAsync("HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"id\""u8.ToArray(), ct);
        await stream.FlushAsync(ct);
        Abort(stream);
    };

    /// <summary>Nothing, until the client goes away.</summary>
    public static Reply Stall { get; } = async (stream, ct) =>
    {
        if (await stream.ReadAsync(new byte[1], ct) == 0)
            throw new IOException("the client went away");
    };

    /// <summary>Headers that promise more than anybody reads.</summary>
    public static Reply Huge { get; } = Raw("HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{");

    /// <summary>Bytes as they are.</summary>
    public static Reply Raw(string text) => (stream, ct) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), ct).AsTask();

    private static void Abort(Stream stream)
    {
        var socket = ((NetworkStream)stream).Socket;
        socket.LingerState = new(true, 0); // sends RST
        socket.Close();
        throw new IOException("reset");
    }
}
