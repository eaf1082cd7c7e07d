using SyncMcp.Guard;

namespace SyncMcp.Commands;

/// <summary>
/// What stands before every command that decides something (guards.md "Outside the chat"): a person at a terminal, and the operator's PIN where one is set.
/// A model with a shell can open a terminal and type; it does not know the PIN.
/// </summary>
internal static class OperatorAct
{
    /// <summary>The terminal of the operator; null, with the reason on <paramref name="error"/>, where nobody sits there or the PIN is not given.</summary>
    /// <param name="common">Whose terminal.</param>
    /// <param name="options">Whose PIN.</param>
    /// <param name="act">What is about to be done, as the beginning of a sentence: "Approving".</param>
    /// <param name="error">Where it is said.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Terminal?> RequireAsync(CommonOptions common, ServerOptions options, string act, TextWriter error, CancellationToken ct)
    {
        if (common.Terminal is { } terminal)
            return await GivesPinAsync(terminal, options, ct) ? terminal : null;
        await error.WriteLineAsync($"syncmcp: {act} takes a person at a terminal; input or output is a pipe here.");
        return null;
    }

    /// <summary>True where no PIN is set, or the person gives it. One attempt: who mistypes starts the command again.</summary>
    public static async Task<bool> GivesPinAsync(Terminal terminal, ServerOptions options, CancellationToken ct)
    {
        var pin = new Pin(new(new(options.OperatorFolder), options.Time));
        if (!pin.IsSet)
            return true;
        var verdict = pin.Try(await terminal.AskUnseenAsync("PIN:", ct) ?? "");
        if (!verdict.IsRight)
            terminal.Show(verdict.WaitSeconds > 0 ? $"That is not the PIN, or it came too soon after wrong ones. The next attempt counts in {verdict.WaitSeconds} s." : "That is not the PIN; nothing was done.");
        return verdict.IsRight;
    }
}
