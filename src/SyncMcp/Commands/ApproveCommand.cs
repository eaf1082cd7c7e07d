using System.CommandLine;
using SyncMcp.Guard;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp approve CODE</c>: answers a question of the guard outside the chat, for clients that cannot ask.</summary>
internal static class ApproveCommand
{
    public static Command Create(CommonOptions common)
    {
        var code = new Argument<string>("CODE") { Description = "The eight characters from the tool's answer." };
        var command = new Command("approve", "Answer a question that the guard could not ask in the chat; then the identical call passes once. Codes last ten minutes.") { code };
        command.SetAction((parsed, ct) => RunAsync(common.Read(parsed), parsed.GetRequiredValue(code), common.Terminal, parsed.InvocationConfiguration.Error, ct));
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions options, string text, Terminal? terminal, TextWriter error, CancellationToken ct)
    {
        if (terminal is null)
        {
            await error.WriteLineAsync("syncmcp: approving takes a person at a terminal; input or output is a pipe here.");
            return ExitCode.NotDone;
        }

        var codes = new Codes(new(new(options.OperatorFolder), options.Time));
        if (codes.Find(text) is not { } waiting)
        {
            await error.WriteLineAsync("syncmcp: no question waits under this code. Codes last ten minutes and work once; let the assistant call again for a new one.");
            return ExitCode.NotDone;
        }

        terminal.Show($"{waiting.Tool} on {waiting.Origin}");
        terminal.Show("");
        terminal.Show(Shown(waiting.Question));
        terminal.Show("");
        if (!await SaysYesAsync(terminal, waiting.Phrase, ct))
        {
            terminal.Show("Not approved; nothing was changed.");
            return ExitCode.NotDone;
        }

        if (!codes.Grant(waiting.Text))
        {
            terminal.Show("The code has run out meanwhile; let the assistant call again.");
            return ExitCode.NotDone;
        }

        terminal.Show("Approved. Tell the assistant to repeat the call, exactly as it was, within ten minutes.");
        return ExitCode.Done;
    }

    private static async Task<bool> SaysYesAsync(Terminal terminal, string? phrase, CancellationToken ct)
    {
        if (phrase is null)
            return await terminal.AskAsync("Approve? [y/N]", ct) is "y" or "Y" or "yes";
        return await terminal.AskAsync($"Type \"{Shown(phrase)}\" to approve:", ct) == phrase;
    }

    private static string Shown(string text) => string.Join('\n', text.Split('\n').Select(Filters.Text.Clean));
}
