using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SyncMcp.Guard;
using SyncMcp.Redaction;
using SyncMcp.Settings;

namespace SyncMcp.Transports.Http;

/// <summary>
/// The key that clients on this computer show: <c>http.key</c> (0600) in the operator's folder, made at the first start. Any program and any web page can
/// reach a port on loopback; only the same account can read the file.
/// </summary>
internal sealed class LoopbackKey
{
    private readonly byte[] hash;

    private LoopbackKey(string path, string key)
    {
        (Path, hash) = (path, SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        Redactor.Hold(key);
    }

    /// <summary>Where clients find it.</summary>
    public string Path { get; }

    /// <summary>Reads it, made where there is none.</summary>
    /// <exception cref="SettingException">Others can read it, or it is none.</exception>
    public static LoopbackKey ReadOrMake(string operatorFolder)
    {
        var path = new OperatorPlace(operatorFolder).MakeOnce("http.key", static () => Encoding.UTF8.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)) + "\n"));
        OperatorFile.RequireClosed(path, holdsToken: true);
        var key = File.ReadAllText(path).Trim();
        return key.Length >= 32 ? new(path, key) : throw new SettingException($"{path} holds no key: remove it, and the next start makes a new one.");
    }

    /// <summary>Compares in the same time whatever was sent.</summary>
    public bool Is(ReadOnlySpan<byte> shownHash) => CryptographicOperations.FixedTimeEquals(hash, shownHash);
}
