using System.Globalization;
using System.Text;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Connections;

/// <summary>
/// Log files of connections: a folder each in the data directory's <c>logs/</c>, one file that is written and a few full ones. A log that cannot be
/// written never stops the work that it tells of.
/// </summary>
internal sealed class ConnectionLogs(string folder, TimeProvider time, Action<string>? log)
{
    /// <summary>Bytes after which a file is put aside.</summary>
    public const long MostBytes = 1024 * 1024;

    /// <summary>Files that are kept of one connection.</summary>
    public const int MostFiles = 5;

    private const string Current = "connection.log";
    private const int MostLine = 2000;
    private readonly Lock writing = new();

    /// <summary>Adds a line where the connection's <c>logfile_verbosity</c> wants it; secrets in it are masked.</summary>
    public void Write(ConnectionRow connection, IEnumerable<string> secrets, LogLevel level, string text)
    {
        if (!Wants(connection.Verbosity, level))
            return;
        var line = $"{time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)} {level} {OneLine(Masked(text, secrets))}\n";
        try
        {
            lock (writing)
                Append(Of(connection.Id), line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log?.Invoke($"log of connection {connection.Id}: {e.Message}");
        }
    }

    /// <summary>The files of a connection, the newest first.</summary>
    public IReadOnlyList<LogFile> List(string connectionId) => [.. Files(connectionId)
        .Select(file => new LogFile { Name = file.Name, Size = file.Length, CreatedAt = new DateTimeOffset(file.CreationTimeUtc, TimeSpan.Zero) })];

    /// <summary>The text of one file. The name is looked up among those that are there, never made part of a path.</summary>
    /// <exception cref="ApiException">404.</exception>
    public async Task<string> ReadAsync(string connectionId, string name, CancellationToken ct)
    {
        var files = Files(connectionId);
        var file = files.Find(candidate => candidate.Name == name)
            ?? throw new ApiException(404, "not_found", $"The connection has no log file `{ApiException.Quote(name)}`.{Nearest.Hint(name, [.. files.Select(candidate => candidate.Name)])}");
        try
        {
            await using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync(ct);
        }
        catch (FileNotFoundException e)
        {
            throw new ApiException(404, "not_found", $"The log file {name} was put aside just now. List the files again.", e);
        }
    }

    /// <summary>Removes the files of a connection that is gone.</summary>
    public void Forget(string connectionId)
    {
        try
        {
            lock (writing)
            {
                if (Directory.Exists(Of(connectionId)))
                    Directory.Delete(Of(connectionId), recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log?.Invoke($"log of connection {connectionId}: {e.Message}");
        }
    }

    private static bool Wants(string? verbosity, LogLevel level) => verbosity switch
    {
        "None" => false,
        "Error" => level <= LogLevel.Error,
        "Transfer" => level <= LogLevel.Transfer,
        "Verbose" => true,
        _ => level <= LogLevel.Info,
    };

    // A driver's words may quote what it was given.
    private static string Masked(string text, IEnumerable<string> secrets)
    {
        foreach (var secret in secrets.Where(secret => secret.Length > 0).OrderByDescending(secret => secret.Length))
            text = text.Replace(secret, Secrets.Mask, StringComparison.Ordinal);
        return text;
    }

    private static string OneLine(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, MostLine) + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= MostLine)
                return line.Append('…').ToString();
            line.Append(Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                ? " "
                : rune.ToString());
        }

        return line.ToString();
    }

    private void Append(string home, string line)
    {
        Hosting.DataDirectory.CreatePrivate(home);
        var current = Path.Combine(home, Current);
        if (new FileInfo(current) is { Exists: true } full && full.Length + Encoding.UTF8.GetByteCount(line) > MostBytes)
            PutAside(home, current);
        File.AppendAllText(current, line);
    }

    private void PutAside(string home, string current)
    {
        var stamp = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmssfffffff'Z'", CultureInfo.InvariantCulture);
        File.Move(current, Path.Combine(home, $"connection-{stamp}.log"), overwrite: true);
        foreach (var old in Directory.GetFiles(home, "connection-*.log").Order(StringComparer.Ordinal).SkipLast(MostFiles - 1))
            File.Delete(old);
    }

    private List<FileInfo> Files(string connectionId)
    {
        var home = new DirectoryInfo(Of(connectionId));
        return home.Exists
            ? [.. home.GetFiles("*.log").OrderByDescending(file => file.Name == Current).ThenByDescending(file => file.Name, StringComparer.Ordinal)]
            : [];
    }

    // Ids come from the store, which made them.
    private string Of(string connectionId) => Path.Combine(folder, "connections", connectionId);
}
