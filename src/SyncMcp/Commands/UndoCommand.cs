using System.CommandLine;
using System.Text.Json;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp undo ENTRY</c>: takes back what a call changed or deleted; the guard asks on the terminal as it would in the chat.</summary>
internal static class UndoCommand
{
    public static Command Create(CommonOptions common)
    {
        var entry = new Argument<int>("ENTRY") { Description = "The audit id: the number in front, in syncmcp audit list." };
        var command = new Command("undo", "Undo a call of the audit log: a change is put back, what was deleted is made again, what was made is deleted. What cannot come back is said. Takes a person at a terminal.") { entry };
        command.SetAction((parsed, ct) => RunAsync(common, parsed, parsed.GetRequiredValue(entry), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommonOptions common, ParseResult parsed, int entry, CancellationToken ct)
    {
        var options = common.Read(parsed);
        if (await OperatorAct.RequireAsync(common, options, "Undoing", "undo", new() { ["audit_id"] = entry }, parsed.InvocationConfiguration.Error, ct) is not { } terminal)
            return ExitCode.NotDone;
        var arguments = new Dictionary<string, JsonElement> { ["audit_id"] = JsonElement.Parse(entry.ToString(System.Globalization.CultureInfo.InvariantCulture)) };
        return await CallCommand.RunAsync(options, Tools.Undo.Tool.Name, arguments, terminal, parsed.InvocationConfiguration, ct, isPinGiven: true);
    }
}
