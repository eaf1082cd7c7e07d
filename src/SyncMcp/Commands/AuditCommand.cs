using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Guard;
using SyncMcp.Settings;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp audit</c>: what was done, by whom, how it was confirmed, and whether the log is whole.</summary>
internal static class AuditCommand
{
    private static readonly JsonSerializerOptions Readable = new(Filters.Budget.Json) { WriteIndented = true, NewLine = "\n" };

    public static Command Create(CommonOptions common) => new("audit", "The log of all calls that change something. Each of these commands checks that it is whole: exit code 1 when it is not.")
    {
        List(common),
        Show(common),
        Verify(common),
        Export(common),
    };

    private static Command List(CommonOptions common)
    {
        var last = new Option<int>("--last") { HelpName = "N", Description = "So many calls from the end.", DefaultValueFactory = _ => 50 };
        var json = new Option<bool>("--json") { Description = "The whole lines, as they are in the log." };
        var list = new Command("list", "Show the last calls, a line each.") { last, json };
        list.SetAction(parsed => Run(common, parsed, (log, output, _) =>
        {
            var count = Math.Max(0, parsed.GetValue(last));
            if (parsed.GetValue(json))
            {
                foreach (var line in log.Lines.TakeLast(count))
                    output.WriteLine(line.ToJsonString(Filters.Budget.Json));
                return;
            }

            foreach (var entry in log.Entries.TakeLast(count))
                output.WriteLine(AuditText.Line(entry));
            if (log.Trouble.Count == 0)
                output.WriteLine($"{log.Entries.Count} calls in {log.Lines.Count} lines, whole.");
        }));
        return list;
    }

    private static Command Show(CommonOptions common)
    {
        var which = new Argument<string>("ENTRY") { Description = "An audit id (the number in front), or the id of a run." };
        var show = new Command("show", "Show one call whole: what was meant, how it was confirmed, the state before, how it ended; or the call that started a run.") { which };
        show.SetAction(parsed => Run(common, parsed, (log, output, error) =>
        {
            var text = parsed.GetRequiredValue(which);
            var entry = long.TryParse(text, out var number) ? AuditEntry.Find(log.Entries, number) : log.Entries.FirstOrDefault(entry => entry.Run == text);
            if (entry is null)
                throw new SettingException(long.TryParse(text, out _) ? $"there is no entry {text}; the last is {(log.Lines.Count == 0 ? 0 : log.Lines[^1]["n"])}." : "no call started this run: a schedule or trigger did. The tool recent_changes, with the run's thing and run_id, names the call that armed it.");
            output.WriteLine(AuditText.Whole(entry).ToJsonString(Readable));
            foreach (var what in log.Trouble.Where(one => one.Entry == entry.Number || one.Entry == (long?)entry.End?["n"]))
                error.WriteLine($"syncmcp: this entry cannot be relied on: {what.Text}");
        }));
        return show;
    }

    private static Command Verify(CommonOptions common)
    {
        var json = new Option<bool>("--json") { Description = "What was found as JSON: kind, line, entry, text." };
        var verify = new Command("verify", "Check the whole chain: lines that were edited, taken out, put elsewhere, doubled, written by two programs side by side, or cut off at the end, each with its place.") { json };
        verify.SetAction(parsed => Run(common, parsed, (log, output, _) =>
        {
            if (parsed.GetValue(json))
                output.WriteLine(new JsonObject { ["file"] = log.File, ["lines"] = log.Lines.Count, ["whole"] = log.Trouble.Count == 0, ["trouble"] = new JsonArray([.. log.Trouble.Select(one => (JsonNode)one.ToJson())]) }.ToJsonString(Readable));
            else
                output.WriteLine(log.Trouble.Count == 0 ? $"{log.File}: {log.Lines.Count} lines, whole." : $"{log.File}: {log.Lines.Count} lines, NOT whole.");
        }));
        return verify;
    }

    private static Command Export(CommonOptions common)
    {
        var since = new Option<DateTimeOffset?>("--since") { HelpName = "TIME", Description = "Only calls from then on, for example 2026-11-01." };
        var csv = new Option<bool>("--csv") { Description = "A table for a spreadsheet, without arguments and states." };
        var export = new Command("export", "Write all calls to stdout, one a line: JSON, or CSV for a spreadsheet.") { since, csv };
        export.SetAction(parsed => Run(common, parsed, (log, output, _) =>
        {
            var from = parsed.GetValue(since);
            var entries = log.Entries.Where(entry => from is null || (DateTimeOffset.TryParse(entry.At, out var at) && at >= from));
            if (parsed.GetValue(csv))
                output.WriteLine(AuditText.CsvHead);
            foreach (var entry in entries)
                output.WriteLine(parsed.GetValue(csv) ? AuditText.Csv(entry) : AuditText.Whole(entry).ToJsonString(Filters.Budget.Json));
        }));
        return export;
    }

    private sealed record Log(string File, IReadOnlyList<JsonObject> Lines, IReadOnlyList<AuditEntry> Entries, IReadOnlyList<AuditTrouble> Trouble);

    private static int Run(CommonOptions common, ParseResult parsed, Action<Log, TextWriter, TextWriter> show)
    {
        var options = common.Read(parsed);
        var place = new OperatorPlace(options.OperatorFolder);
        var log = new AuditLog(new(place, options.Time), place, options.DataDirectory);
        var (lines, trouble) = log.Verify();
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        show(new(log.File, lines, AuditEntry.Of(lines), trouble), output, error);
        foreach (var what in trouble)
            error.WriteLine($"syncmcp: the log is not whole: {what.Text}");
        return trouble.Count == 0 ? ExitCode.Done : ExitCode.NotDone;
    }
}
