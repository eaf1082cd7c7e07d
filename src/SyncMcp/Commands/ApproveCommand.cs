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
        command.SetAction((parsed, ct) => RunAsync(common, common.Read(parsed), parsed.GetRequiredValue(code), parsed.InvocationConfiguration.Error, ct));
        return command;
    }

    private static async Task<int> RunAsync(CommonOptions common, ServerOptions options, string text, TextWriter error, CancellationToken ct)
    {
        if (await OperatorAct.RequireAsync(common, options, "Approving", "approve", new() { ["code"] = Filters.Text.Cut(Shown(text), 40) }, error, ct) is not { } terminal)
            return ExitCode.NotDone;
        var codes = new Codes(new(new(options.OperatorFolder), options.Time));
        if (codes.Find(text) is not { } waiting)
        {
            await error.WriteLineAsync("syncmcp: no question waits under this code. Codes last ten minutes and work once; let the assistant call again for a new one.");
            return ExitCode.NotDone;
        }

        // Who has not seen the end has not seen what is approved.
        if (!await terminal.ShowWholeAsync(Shown($"{waiting.Tool} on {waiting.Origin}\n\n{waiting.Question}\n"), ct) || !await SaysYesAsync(terminal, waiting.Phrase, ct))
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
            return await terminal.SaysYesAsync("Approve?", ct);
        return await terminal.AskAsync($"Type \"{Shown(phrase)}\" to approve:", ct) == phrase;
    }

    private static string Shown(string text) => string.Join('\n', text.Split('\n').Select(Filters.Text.Clean));
}
