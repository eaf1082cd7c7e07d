using System.Buffers.Text;
using System.Security.Cryptography;

namespace SyncMcp.Engine.Hosting;

/// <summary>The administrator's token: 256 random bits in the file <c>token</c> (0600), made at the first start.</summary>
internal static class TokenFile
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The file's place.</summary>
    public static string Path(string dataDirectory) => System.IO.Path.Combine(dataDirectory, "token");

    /// <summary>The token, made where there is none. Only the holder of the lock calls this.</summary>
    public static string ReadOrMake(string dataDirectory)
    {
        var path = Path(dataDirectory);
        if (Read(dataDirectory) is { } kept)
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~Mine) != UnixFileMode.None)
                File.SetUnixFileMode(path, Mine);
            return kept;
        }

        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        DataDirectory.WritePrivate(path, token + "\n");
        return token;
    }

    /// <summary>The token; null where there is none.</summary>
    public static string? Read(string dataDirectory)
    {
        try
        {
            return File.ReadAllText(Path(dataDirectory)).Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
