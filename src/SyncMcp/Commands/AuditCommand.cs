using System.CommandLine;
using System.Text.Json.Nodes;
using SyncMcp.Guard;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp audit list</c>: what was done, by whom, how it was confirmed, and whether the log is whole.</summary>
internal static class AuditCommand
{
    public static Command Create(CommonOptions common)
    {
        var last = new Option<int>("--last") { HelpName = "N", Description = "So many lines from the end.", DefaultValueFactory = _ => 50 };
        var json = new Option<bool>("--json") { Description = "The whole lines, as they are in the log." };
        var list = new Command("list", "Show the log of all calls that change something, and check that no line was changed or cut off. Exit code: 1 when one was.") { last, json };
        list.SetAction(parsed => List(common.Read(parsed), Math.Max(0, parsed.GetValue(last)), parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return new Command("audit", "The audit log.") { list };
    }

    private static int List(ServerOptions options, int last, bool json, TextWriter output, TextWriter error)
    {
        var place = new OperatorPlace(options.OperatorFolder);
        var (lines, trouble) = new AuditLog(new(place, options.Time), place, options.DataDirectory).Verify();
        foreach (var line in lines.Skip(lines.Count - last))
            output.WriteLine(json ? line.ToJsonString(Filters.Budget.Json) : Short(line));
        foreach (var what in trouble)
            error.WriteLine($"syncmcp: the log is not whole: {what}");
        if (!json && trouble.Count == 0)
            output.WriteLine($"{lines.Count} lines, whole.");
        return trouble.Count == 0 ? ExitCode.Done : ExitCode.NotDone;
    }

    private static string Short(JsonObject line)
    {
        string Of(string name) => Filters.Text.Cut(Filters.Text.Clean(line[name]?.ToString() ?? "").ReplaceLineEndings(" "), 60);
        var consent = line["consent"]?["how"]?.ToString() is { } how ? $" confirmed: {how}" : "";
        var end = line["outcome"] is null ? "" : $" {Of("outcome")}{(line["code"] is null ? "" : $" ({Of("code")})")}";
        var of = line["intent"] is null ? "" : $" of {Of("intent")}";
        return $"{Of("n"),5} {Of("at")} {Of("what")}{of} {Of("tool")} [{Of("tier")}] by {Of("who")}{end}{consent}";
    }
}
