using SyncMcp.Commands;
using SyncMcp.Settings;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Commands;

/// <summary>The command line in this process, with folders and an environment of its own.</summary>
internal sealed class Shell : IDisposable
{
    private readonly TempFolder folder = new();

    public Shell()
    {
        Directory.CreateDirectory(Operator);
        Variables["HOME"] = folder["home"];
    }

    public string Operator => folder["operator"];

    public string Data => folder["data"];

    public Dictionary<string, string> Variables { get; } = [];

    public string this[string name] => folder[name];

    /// <summary>What a person types at questions; null: nobody is there.</summary>
    public string? Typed { get; set; }

    /// <summary>What the person saw.</summary>
    public StringWriter Asked { get; } = new();

    public void Config(string json, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite) => Write("config.json", json, mode);

    public void Policy(string json, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite) => Write("policy.json", json, mode);

    private void Write(string name, string json, UnixFileMode mode)
    {
        var path = Path.Combine(Operator, name);
        File.WriteAllText(path, json);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    public ServerOptions Read(params string[] args) => OptionsReader.Read(StartWords.Read(args)!, new(Operator, Variables));

    public async Task<(int Exit, string Out, string Error)> RunAsync(params string[] args)
    {
        StringWriter output = new(), error = new();
        var terminal = Typed is null ? null : new Terminal(new StringReader(Typed), Asked);
        var exit = await CommandLine.RunAsync(
            ["--data", Data, .. args], new CommonOptions(new(Operator, Variables), terminal), new() { Output = output, Error = error, ProcessTerminationTimeout = null })
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }

    public void Dispose() => folder.Dispose();
}
