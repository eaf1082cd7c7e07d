using System.CommandLine;
using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Redaction;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp approvals</c>: what was approved on a server, and taking it back.</summary>
internal static class ApprovalsCommand
{
    public static Command Create(CommonOptions common) => new("approvals", "What may run on this server without a question.")
    {
        List(common),
        Show(common),
        Revoke(common),
    };

    private static Command List(CommonOptions common)
    {
        var command = new Command("list", "List the approved definitions: of what, how, by whom, since when.");
        command.SetAction(parsed =>
        {
            var (options, output) = (common.Read(parsed), parsed.InvocationConfiguration.Output);
            var kept = Of(options).Kept();
            foreach (var one in kept)
                output.WriteLine(InShort(one));
            output.WriteLine($"{kept.Count(one => !one.IsRevoked)} approved on {GuardParts.Origin(options)}.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show(CommonOptions common)
    {
        var thing = Thing();
        var command = new Command("show", "Show one approved definition whole.") { thing };
        command.SetAction(parsed =>
        {
            if (Find(Of(common.Read(parsed)), parsed.GetRequiredValue(thing), parsed.InvocationConfiguration.Error) is not { } one)
                return ExitCode.NotDone;
            var shown = new JsonObject { ["approval"] = InShort(one), ["hash"] = one.Hash, ["facts"] = one.Definition.Facts.DeepClone(), ["definition"] = one.Definition.Content.DeepClone() };
            parsed.InvocationConfiguration.Output.WriteLine(Text.Clean(Redactor.Mask(shown)!.ToJsonString(new(Budget.Json) { WriteIndented = true })));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Revoke(CommonOptions common)
    {
        var thing = Thing();
        thing.Arity = ArgumentArity.ZeroOrOne;
        var all = new Option<bool>("--all") { Description = "All of this server." };
        var command = new Command("revoke", "Take an approval back: the next run of the thing asks. What runs by itself goes on until its schedule or trigger is switched off.") { thing, all };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == (result.GetValue(thing) is not null))
                result.AddError("Name one thing, or --all.");
        });
        command.SetAction((parsed, ct) => RevokeAsync(common, common.Read(parsed), parsed.GetValue(thing), parsed.InvocationConfiguration.Error, ct));
        return command;
    }

    private static async Task<int> RevokeAsync(CommonOptions common, ServerOptions options, string? named, TextWriter error, CancellationToken ct)
    {
        if (await OperatorAct.RequireAsync(common, options, "Revoking an approval", "approvals revoke", new() { ["name"] = named ?? "all" }, error, ct) is not { } terminal)
            return ExitCode.NotDone;
        var approvals = Of(options);
        var meant = named is null ? approvals.All() : Find(approvals, named, error) is { } one ? [one] : [];
        if (meant.Count == 0)
            return ExitCode.NotDone;
        foreach (var approval in meant)
            terminal.Show(InShort(approval));
        if (!await terminal.SaysYesAsync(meant.Count == 1 ? "Take this approval back?" : $"Take all {meant.Count} approvals back?", ct))
        {
            terminal.Show("Nothing was taken back.");
            return ExitCode.NotDone;
        }

        var taken = meant.Count(approval => approvals.Revoke(approval.Definition.Kind, approval.Definition.Id, "operator"));
        terminal.Show($"{taken} taken back. A schedule or trigger that is on goes on starting it: switch it off where it must not run.");
        return taken == meant.Count ? ExitCode.Done : ExitCode.NotDone;
    }

    private static Argument<string> Thing() => new("THING") { Description = "Id or name, as syncmcp approvals list shows it." };

    private static Approvals Of(ServerOptions options) => new(new(new(options.OperatorFolder), options.Time), GuardParts.Origin(options));

    private static Approval? Find(Approvals approvals, string named, TextWriter error)
    {
        var kept = approvals.Kept();
        var found = kept.Where(one => one.Definition.Id == named).ToList();
        if (found.Count == 0)
            found = [.. kept.Where(one => one.Definition.Name.Equals(named, StringComparison.OrdinalIgnoreCase))];
        if (found is [var one])
            return one;
        error.WriteLine(found.Count == 0
            ? $"syncmcp: there is no approval of {Text.Quote(named)} on this server; see syncmcp approvals list"
            : $"syncmcp: {found.Count} things are called {Text.Quote(named)}; name one by its id:");
        foreach (var candidate in found)
            error.WriteLine($"  {InShort(candidate)}");
        return null;
    }

    private static string InShort(Approval one)
    {
        string? Place(string name) => one.Definition.Facts[name]?.ToString();
        var places = string.Join(" to ", new[] { Place("source"), Place("destination") ?? Place("endpoint") }.OfType<string>());
        var how = one.IsRevoked ? "REVOKED by" : one.IsPlain ? "plain, run by" : $"{one.How}, by";
        return Redactor.Mask(Text.Clean($"{one.Definition.Kind} {Text.Quote(one.Definition.Name)} {one.Definition.Id}  {how} {one.Who}, {one.At:yyyy-MM-dd HH:mm}{(places.Length > 0 ? $"  {places}" : "")}").ReplaceLineEndings(" "));
    }
}
