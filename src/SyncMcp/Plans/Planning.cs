using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Tools;

namespace SyncMcp.Plans;

/// <summary>Makes plans: looks at what each change would meet, says the difference in words, and keeps all of it. Changes nothing at the server.</summary>
internal static class Planning
{
    /// <summary>Changes of one plan at most: what a person is asked about at once.</summary>
    public const int Most = 500;

    /// <summary>A plan that was kept, and what should be known before it is applied.</summary>
    internal sealed record Made(ChangePlan Plan, IReadOnlyList<string> Warnings);

    /// <summary>Makes one.</summary>
    /// <param name="bench">Of the call.</param>
    /// <param name="headline">First sentence of the question: ours, without names that others gave.</param>
    /// <param name="operations">Operations that make, change, move and delete; in order.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<Made> MakeAsync(Workbench bench, string headline, IReadOnlyList<Operation> operations, CancellationToken ct)
    {
        if (operations.Count == 0)
            throw new ToolException(new("nothing_to_change", "There is nothing to change: all is as it is asked for.", "Nothing is to be done."));
        if (operations.Count > Most)
            throw new ToolException(new("invalid_arguments", $"{operations.Count} changes are too many for one plan.", $"Plan {Most} or fewer at once, for example by workspace."));
        foreach (var operation in operations.Where(one => Lifecycle.Of(one.Endpoint) is null or { Kind: "user" }))
            throw new ToolException(new("invalid_arguments", $"A plan cannot hold {operation.Endpoint.Name}.", "It takes operations that make, change, move and delete workspaces, connections, jobs, transformations, pipelines and their parts."));
        bench.Says("looking at what would change");
        var seen = await bench.LookAheadAsync(operations, new(), ct);
        var roots = seen.Select(one => Wholes.Of(one.Operation.Endpoint, one.Operation.Arguments)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var wholes = (await AtOnce.ReadAsync(roots, async (root, stop) => (Root: root, Whole: await Wholes.ReadAsync(bench.Snapshots, root, stop)), ct))
            .Where(one => one.Whole is not null).ToDictionary(one => one.Root, one => one.Whole!.Value, StringComparer.Ordinal);
        var bodies = new PlannedBodies(bench.Snapshots, wholes);
        var words = new PlanWords(await PlacesAsync(bench, seen, wholes, ct));
        var salt = Guid.NewGuid().ToString("n")[..12]; // the same change planned again is another change
        var changes = new List<PlannedChange>();
        foreach (var (operation, plan) in seen)
        {
            var life = Lifecycle.Of(operation.Endpoint)!;
            var before = await bodies.BeforeAsync(operation, life, ct);
            var keyed = operation with { Key = $"{salt}-{changes.Count + 1}" };
            changes.Add(new(keyed, life.Kind, NameOf(operation, life, before, wholes), Wholes.Of(operation.Endpoint, operation.Arguments), words.Of(operation, life, before), plan.Need, Notes(plan)));
            bodies.Add(operation, life, before);
        }

        var made = bench.Guard.ChangePlans.Keep(bench.Call.Principal.Name, headline, changes, wholes.ToDictionary(one => one.Key, one => one.Value.Shown, StringComparer.Ordinal));
        return new(made, Warnings(wholes));
    }

    private static List<string> Notes(Plan plan) =>
        [.. plan.Judged.Where(one => one.Need != Need.Nothing).SelectMany(one => one.Reasons.Concat(one.Foreign.Count > 0 ? [$"existing tables: {string.Join(", ", one.Foreign.Take(10).Select(Text.Quote))}{(one.Foreign.Count > 10 ? $" and {one.Foreign.Count - 10} more" : "")}"] : [])).Distinct(StringComparer.Ordinal)];

    private static List<string> Warnings(Dictionary<string, (JsonObject Shown, IRunnable? Runs)> wholes)
    {
        var warnings = new List<string>();
        void Warn(string what, IEnumerable<(JsonObject Shown, IRunnable? Runs)> which)
        {
            var names = which.Select(one => Text.Cut(Text.Clean(one.Runs!.Name), 60)).ToList();
            if (names.Count > 0)
                warnings.Add($"{names.Count} {what}: {string.Join(", ", names.Take(5))}{(names.Count > 5 ? $" and {names.Count - 5} more" : "")}");
        }

        Warn("run by a schedule or trigger, so the change works from their next run on", wholes.Values.Where(one => one.Runs is { IsScheduled: true }));
        Warn("are running now and end as they began", wholes.Values.Where(one => one.Runs is { } runs && !Schedules.IsAtRest(runs.Status)));
        return warnings;
    }

    private static string NameOf(Operation operation, Lifecycle life, JsonObject? before, Dictionary<string, (JsonObject Shown, IRunnable? Runs)> wholes)
    {
        string? Own(JsonObject? of) => (of?["name"] ?? of?["table"] ?? (of?["entity"] as JsonObject)?["name"] ?? of?["query"])?.ToString();
        var name = Own(before) ?? Own(operation.Arguments) ?? operation.Arguments[life.Id]?.ToString() ?? life.Kind;
        var isPart = life.Kind is "task" or "transformation_task" or "step" or "event";
        var whole = isPart && Wholes.Of(operation.Endpoint, operation.Arguments) is { } root && wholes.TryGetValue(root, out var one) ? Wholes.NameOf(one.Shown) : "";
        return Text.Cut(Text.Clean(whole.Length > 0 ? $"{whole}: {name}" : name), 200);
    }

    // What the connections that are spoken of are called, and where they lead.
    private static async Task<Dictionary<string, string>> PlacesAsync(Workbench bench, IReadOnlyList<(Operation Operation, Plan Plan)> seen, Dictionary<string, (JsonObject Shown, IRunnable? Runs)> wholes, CancellationToken ct)
    {
        string[] members = ["source_connection", "destination_connection"];
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (operation, _) in seen.Where(one => one.Operation.Endpoint == Client.Connections.ConnectionEndpoints.Create))
            known[operation.Makes!] = $"{operation.Arguments["name"]} (new: {Endpoints.Describe(operation.Arguments)})";
        var ids = seen.Select(one => one.Operation.Arguments).Concat(wholes.Values.SelectMany(one => one.Shown.Select(member => member.Value).OfType<JsonObject>()))
            .SelectMany(of => members.Select(member => (of[member] as JsonObject)?["id"]?.ToString())).OfType<string>().Distinct(StringComparer.Ordinal).Where(id => !known.ContainsKey(id)).ToList();
        foreach (var (id, body) in await AtOnce.ReadAsync(ids, async (id, stop) => (id, Body: await ConnectionAsync(bench, id, stop)), ct))
        {
            if (body is not null)
                known[id] = $"{body["name"]} ({Endpoints.Describe(body)})";
        }

        return known;
    }

    private static async Task<JsonObject?> ConnectionAsync(Workbench bench, string id, CancellationToken ct)
    {
        try
        {
            return (await bench.Snapshots.ConnectionAsync(id, ct)).Body;
        }
        catch (SyncApiException ex) when (ex.Code is "not_found" or "forbidden")
        {
            return null;
        }
    }
}
