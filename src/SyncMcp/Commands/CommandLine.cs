using System.CommandLine;
using System.CommandLine.Invocation;
using SyncMcp.Commands.Demo;
using SyncMcp.Engine;
using SyncMcp.Settings;
using SyncMcp.Transports;

namespace SyncMcp.Commands;

/// <summary>The program's verbs, and how their failures are said.</summary>
internal static class CommandLine
{
    private const string About = """
        An MCP server that lets an assistant operate CData Sync, with an engine of its own where there is no Sync server.

        Without a command it serves MCP on stdin and stdout: that is what a client (VS Code, Cursor, Claude) starts. To see it work: syncmcp demo
        """;

    /// <summary>Runs the program's arguments; the exit code.</summary>
    public static Task<int> RunAsync(string[] args) =>
        RunAsync(args, new(Surroundings.Real(), Terminal.Find()), new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(14) });

    /// <summary>The same with other surroundings and outputs: for tests.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CommonOptions common, InvocationConfiguration console)
    {
        console.EnableDefaultExceptionHandler = false;
        var parsed = Create(common).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
                await console.Error.WriteLineAsync($"syncmcp: {error.Message}");
            await console.Error.WriteLineAsync("syncmcp: see syncmcp --help");
            return ExitCode.Usage;
        }

        try
        {
            var exit = await parsed.InvokeAsync(console);
            common.Act?.End(exit);
            return exit;
        }
        catch (SettingException ex)
        {
            common.Act?.End(ExitCode.Usage);
            await console.Error.WriteLineAsync($"syncmcp: {ex.Message}");
            return ExitCode.Usage;
        }
        catch (EngineStartException ex)
        {
            common.Act?.End(ExitCode.NotDone);
            await console.Error.WriteLineAsync($"syncmcp: {ex.Message}");
            return ExitCode.NotDone;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.NotDone; // Ctrl-C
        }
        finally
        {
            common.Act?.End(null); // whatever came between
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand Create(CommonOptions common)
    {
        var root = new RootCommand(About)
        {
            DemoCommand.Create(),
            HttpCommand.Create(common),
            EngineCommand.Create(common),
            CallCommand.Create(common),
            Live.LiveCommands.CreateStatus(common),
            Live.LiveCommands.CreateRuns(common),
            WaitCommand.Create(common),
            ToolsCommand.Create(common),
            Doctor.DoctorCommand.Create(common),
            LoginCommand.Create(common),
            LoginCommand.CreateLogout(common),
            ApproveCommand.Create(common),
            ApprovalsCommand.Create(common),
            AllowCommand.Create(common),
            BaselineCommand.Create(common),
            AuditCommand.Create(common),
            UndoCommand.Create(common),
            SecretCommand.Create(common),
            KeyCommand.Create(common),
            OperatorCommand.Create(common),
            PolicyCommand.Create(common),
        };
        foreach (var option in common.All)
            root.Add(option);
        root.Options.OfType<VersionOption>().Single().Action = new ShowVersion();
        root.SetAction((parsed, ct) => StdioHost.RunAsync(common.Read(parsed), ct));
        return root;
    }

    private sealed class ShowVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(SyncMcpServer.Commit is { } commit ? $"syncmcp {SyncMcpServer.Version} ({commit})" : $"syncmcp {SyncMcpServer.Version}");
            return ExitCode.Done;
        }
    }
}
