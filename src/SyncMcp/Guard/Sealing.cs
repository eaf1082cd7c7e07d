using System.Security.Cryptography;
using System.Text;

namespace SyncMcp.Guard;

/// <summary>
/// Seals texts that are kept in files (AES-GCM, its key in the operator's folder), each bound to what it belongs to, so that it opens nowhere else. Keeps them
/// out of backups of the one file and from careless eyes; who can read the whole folder is the operator.
/// </summary>
internal sealed class Sealing(OperatorPlace place, string keyFile)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private byte[]? key;

    /// <summary>The text as it may be kept.</summary>
    public string Seal(string text, string bound)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var bytes = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(Key(), TagBytes);
        cipher.Encrypt(bytes.AsSpan(0, NonceBytes), plain, bytes.AsSpan(NonceBytes + TagBytes), bytes.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(bound));
        return Convert.ToBase64String(bytes);
    }

    /// <summary>The text again.</summary>
    /// <exception cref="CryptographicException">It was changed by other hands, moved, or its key is another.</exception>
    /// <exception cref="FormatException">It is no sealed text.</exception>
    public string Open(string text, string bound)
    {
        var bytes = Convert.FromBase64String(text).AsSpan();
        if (bytes.Length < NonceBytes + TagBytes)
            throw new FormatException("This is no sealed text.");
        var plain = new byte[bytes.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(Key(), TagBytes);
        cipher.Decrypt(bytes[..NonceBytes], bytes[(NonceBytes + TagBytes)..], bytes[NonceBytes..(NonceBytes + TagBytes)], plain, Encoding.UTF8.GetBytes(bound));
        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>The text again; null where it does not open, which counts as nothing kept.</summary>
    public string? TryOpen(string text, string bound)
    {
        try
        {
            return Open(text, bound);
        }
        catch (Exception ex) when (ex is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private byte[] Key() => key ??= place.Key(keyFile);
}
