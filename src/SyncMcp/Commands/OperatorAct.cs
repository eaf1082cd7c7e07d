using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SyncMcp.Guard;
using SyncMcp.Redaction;
using SyncMcp.Transports;

namespace SyncMcp.Commands;

/// <summary>
/// What stands before every command that decides something (guards.md "Outside the chat"): a person at a terminal, and the operator's PIN where one is set.
/// A model with a shell can open a terminal and type; it does not know the PIN. Each act has its two lines in the audit log, like a call: what is meant before
/// anything is done, and how it ended.
/// </summary>
internal sealed class OperatorAct
{
    private readonly AuditLog log;
    private readonly JsonObject about;
    private readonly TimeProvider time;
    private readonly long intent;
    private bool ended;

    private OperatorAct(AuditLog log, JsonObject about, TimeProvider time, long intent) => (this.log, this.about, this.time, this.intent) = (log, about, time, intent);

    /// <summary>The terminal of the operator; null, with the reason on <paramref name="error"/>, where nobody sits there, the PIN is not given, or the act cannot be written down.</summary>
    /// <param name="common">Whose terminal; takes the act, which ends with the command.</param>
    /// <param name="options">Whose PIN.</param>
    /// <param name="act">What is about to be done, as the beginning of a sentence: "Approving".</param>
    /// <param name="command">The command, as it stands in the log.</param>
    /// <param name="arguments">What it is about; no secrets.</param>
    /// <param name="error">Where it is said.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Terminal?> RequireAsync(CommonOptions common, ServerOptions options, string act, string command, JsonObject arguments, TextWriter error, CancellationToken ct)
    {
        if (common.Terminal is not { } terminal)
        {
            await error.WriteLineAsync($"syncmcp: {act} takes a person at a terminal; input or output is a pipe here.");
            return null;
        }

        try
        {
            if (!await GivesPinAsync(terminal, options, ct))
            {
                Refuse(options, command, arguments, "pin_wrong");
                return null;
            }

            common.Act = Begin(options, command, arguments);
            return terminal;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await error.WriteLineAsync($"syncmcp: {act} must be written to the audit log, and that cannot be: {Filters.Text.Clean(ex.Message)} Nothing was done.");
            return null;
        }
    }

    /// <summary>Writes down what is about to be done.</summary>
    public static OperatorAct Begin(ServerOptions options, string command, JsonObject arguments)
    {
        var (log, about) = (LogOf(options), About(options, command));
        var line = Line("intent", about, options.Time);
        line["arguments"] = Redactor.Mask(arguments);
        line["consent"] = new JsonObject { ["how"] = "terminal" };
        return new(log, about, options.Time, log.Append(line));
    }

    /// <summary>Writes down how it ended, once.</summary>
    /// <param name="exit">The command's exit code; null where nobody knows.</param>
    public void End(int? exit)
    {
        if (ended)
            return;
        ended = true;
        var line = Line("outcome", about, time);
        line["intent"] = intent;
        line["outcome"] = exit switch { ExitCode.Done => "executed", null or ExitCode.Unknown => "unknown", _ => "not_executed" };
        try
        {
            log.Append(line);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or InvalidDataException or Microsoft.Data.Sqlite.SqliteException)
        {
            Log.Error("audit: the outcome of an act could not be written", ex); // it has happened; its intent is on disk
        }
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

    private static void Refuse(ServerOptions options, string command, JsonObject arguments, string code)
    {
        var line = Line("refusal", About(options, command), options.Time);
        line["arguments"] = Redactor.Mask(arguments);
        line["outcome"] = "not_executed";
        line["code"] = code;
        LogOf(options).Append(line);
    }

    private static AuditLog LogOf(ServerOptions options)
    {
        var place = new OperatorPlace(options.OperatorFolder);
        return new(new(place, options.Time), place, options.DataDirectory);
    }

    private static JsonObject About(ServerOptions options, string command) => new()
    {
        ["call"] = RandomNumberGenerator.GetHexString(12, lowercase: true),
        ["server"] = GuardParts.Origin(options),
        ["who"] = "operator",
        ["client"] = $"syncmcp {SyncMcpServer.Version}",
        ["tool"] = command,
        ["tier"] = "act",
    };

    private static JsonObject Line(string what, JsonObject about, TimeProvider time)
    {
        var line = new JsonObject { ["at"] = time.GetUtcNow().ToString("O"), ["what"] = what };
        foreach (var (name, value) in about)
            line[name] = value?.DeepClone();
        return line;
    }
}
