using System.CommandLine;
using SyncMcp.Guard;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp operator set-pin</c>: from then on whoever decides something must know the PIN.</summary>
internal static class OperatorCommand
{
    public static Command Create(CommonOptions common)
    {
        var remove = new Option<bool>("--remove") { Description = "Take the PIN away instead." };
        var command = new Command("set-pin", "Set the PIN that every deciding command asks for; you type it on the terminal, unseen.") { remove };
        command.SetAction((parsed, ct) => SetPinAsync(common, common.Read(parsed), parsed.GetValue(remove), parsed.InvocationConfiguration.Error, ct));
        return new Command("operator", "Who may decide.") { command };
    }

    private static async Task<int> SetPinAsync(CommonOptions common, ServerOptions options, bool remove, TextWriter error, CancellationToken ct)
    {
        if (await OperatorAct.RequireAsync(common, options, "Setting the PIN", "set-pin", new() { ["remove"] = remove }, error, ct) is not { } terminal)
            return ExitCode.NotDone;
        var pin = new Pin(new(new(options.OperatorFolder), options.Time));
        if (remove)
        {
            pin.Remove();
            terminal.Show("There is no PIN any longer.");
            return ExitCode.Done;
        }

        var typed = await terminal.AskUnseenAsync($"New PIN ({Pin.Shortest} characters or more):", ct) ?? "";
        if (typed.Length is < Pin.Shortest or > Pin.Longest)
            return Refuse($"A PIN has {Pin.Shortest} to {Pin.Longest} characters; nothing was set.");
        if (await terminal.AskUnseenAsync("The same again:", ct) != typed)
            return Refuse("These were two different ones; nothing was set.");
        pin.Set(typed);
        terminal.Show("Set. It cannot be read back: who forgets it loses the approvals with it (state.db in the operator's folder).");
        return ExitCode.Done;

        int Refuse(string why)
        {
            terminal.Show(why);
            return ExitCode.NotDone;
        }
    }
}
