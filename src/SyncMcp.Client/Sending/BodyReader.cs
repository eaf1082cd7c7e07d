using System.Buffers;

namespace SyncMcp.Client.Sending;

/// <summary>Reads a body up to a limit, so that no server can fill our memory.</summary>
internal static class BodyReader
{
    /// <summary>The body's bytes; null when there are more than <paramref name="most"/>.</summary>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int most, CancellationToken ct) =>
        content.Headers.ContentLength > most || await HeadAsync(content, most + 1, ct).ConfigureAwait(false) is not { } bytes || bytes.Length > most ? null : bytes;

    /// <summary>The first bytes of the body.</summary>
    public static async Task<byte[]> HeadAsync(HttpContent content, int most, CancellationToken ct)
    {
        await using var stream = await content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        using var bytes = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            while (bytes.Length < most && await stream.ReadAsync(buffer, ct).ConfigureAwait(false) is > 0 and var count)
                bytes.Write(buffer, 0, Math.Min(count, most - (int)bytes.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return bytes.ToArray();
    }
}
