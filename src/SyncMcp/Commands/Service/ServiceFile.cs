using System.Security.Cryptography;
using System.Text;
using SyncMcp.Settings;

namespace SyncMcp.Commands.Service;

/// <summary>How one system keeps the engine up without windows: the file that says so, and what switches it on and off.</summary>
/// <param name="Name">Name of the service there.</param>
/// <param name="Path">Where the file belongs.</param>
/// <param name="Text">Its content.</param>
/// <param name="On">Commands that switch it on.</param>
/// <param name="Off">Commands that switch it off.</param>
internal sealed record ServiceFile(string Name, string Path, string Text, IReadOnlyList<string> On, IReadOnlyList<string> Off)
{
    /// <summary>Written in UTF-16, which Windows' task scheduler asks for.</summary>
    public bool Wide { get; init; }

    /// <summary>True where syncmcp switches it on and off itself; elsewhere it says the commands, because nobody has tried them yet.</summary>
    public bool Runs { get; init; }

    /// <summary>The one for this system.</summary>
    public static ServiceFile For(ServerOptions options, Surroundings surroundings, int? port)
    {
        var name = NameOf(options.DataDirectory, DataPlace.Default(surroundings));
        var words = Words(options.DataDirectory, port);
        if (words.Any(word => word.Any(char.IsControl)))
            throw new SettingException("The path of the program or of the data directory holds a control character; a service cannot be told such a path.");
        if (OperatingSystem.IsWindows())
            return ScheduledTask.Of(name, words, surroundings);
        return OperatingSystem.IsMacOS() ? LaunchAgent.Of(name, words, surroundings) : SystemdUnit.Of(name, words, surroundings);
    }

    /// <summary>A data directory of its own has a service of its own.</summary>
    internal static string NameOf(string dataDirectory, string usual)
    {
        var path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(dataDirectory));
        return path == System.IO.Path.TrimEndingDirectorySeparator(usual)
            ? "syncmcp-engine"
            : $"syncmcp-engine-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..8]}";
    }

    /// <summary>The home of the account, as its shell knows it.</summary>
    internal static string Home(Surroundings surroundings) => surroundings.Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    // On its socket alone unless a port is asked for: windows need none. It waits for a window that serves at present.
    private static List<string> Words(string dataDirectory, int? port)
    {
        var program = Environment.ProcessPath ?? throw new SettingException("The system does not say where this program lies.");
        List<string> words = [program];
        if (System.IO.Path.GetFileNameWithoutExtension(program) == "dotnet")
            words.Add(System.IO.Path.Combine(AppContext.BaseDirectory, "syncmcp.dll"));
        words.AddRange(["engine", "--wait"]);
        words.AddRange(port is { } number ? ["--port", $"{number}"] : ["--no-port"]);
        words.AddRange(["--data", System.IO.Path.GetFullPath(dataDirectory)]);
        return words;
    }
}
