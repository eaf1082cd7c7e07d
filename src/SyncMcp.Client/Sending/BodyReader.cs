using System.Buffers;

namespace SyncMcp.Client.Sending;

/// <summary>Reads a body up to a limit, so that no server can fill our memory.</summary>
internal static class BodyReader
{
    /// <summary>The body's bytes; null when there are more than <paramref name="most"/>.</summary>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int most, CancellationToken ct)
    {
        if (content.Headers.ContentLength > most)
            return null;
        await using var stream = await content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        using var bytes = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            while (await stream.ReadAsync(buffer, ct).ConfigureAwait(false) is > 0 and var count)
            {
                if (bytes.Length + count > most)
                    return null;
                bytes.Write(buffer, 0, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return bytes.ToArray();
    }
}
