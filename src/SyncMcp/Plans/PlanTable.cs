using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Plans;

/// <summary>Plans that wait to be applied, sealed, for a day: each principal of each server has its own.</summary>
internal sealed class PlanTable(StateStore store, string origin)
{
    private const long Life = 24L * 3_600_000;
    private const long LifeOfParts = 30 * Life;

    /// <summary>Keeps a plan; its id is made of its content, so that it names this content and no other.</summary>
    public ChangePlan Keep(string principal, string headline, IReadOnlyList<PlannedChange> changes, IReadOnlyDictionary<string, JsonObject> states)
    {
        var plan = new ChangePlan("", headline, store.Now, changes, states);
        plan = plan with { Id = IdOf(plan, principal) };
        store.Write(session =>
        {
            session.Execute("DELETE FROM change_plan WHERE made < @old", ("@old", store.Now - LifeOfParts)); // what was applied can be undone as long as its calls
            return session.Execute("INSERT OR REPLACE INTO change_plan (origin, principal, id, content, progress, made) VALUES (@origin, @principal, @id, @content, @progress, @made)",
                ("@origin", origin), ("@principal", principal), ("@id", plan.Id), ("@content", Seal(plan.Content(), plan.Id, "content")), ("@progress", Seal(Progress(plan), plan.Id, "progress")), ("@made", plan.MadeAt));
        });
        return plan;
    }

    /// <summary>A plan; null where there is none, or where it is not what its id was made of.</summary>
    /// <param name="principal">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="toUndo">Also one that is too old to be applied.</param>
    public ChangePlan? Find(string principal, string id, bool toUndo = false) => store.Read(session => session.Query(
        "SELECT content, progress, made FROM change_plan WHERE origin = @origin AND principal = @principal AND id = @id AND made >= @old",
        row => Read(id, principal, Open(row.GetString(0), id, "content"), Open(row.GetString(1), id, "progress"), row.GetInt64(2)),
        ("@origin", origin), ("@principal", principal), ("@id", id), ("@old", store.Now - (toUndo ? LifeOfParts : Life))).FirstOrDefault());

    /// <summary>Keeps how far it has come.</summary>
    public void KeepProgress(string principal, ChangePlan plan) => store.Write(session => session.Execute(
        "UPDATE change_plan SET progress = @progress WHERE origin = @origin AND principal = @principal AND id = @id",
        ("@origin", origin), ("@principal", principal), ("@id", plan.Id), ("@progress", Seal(Progress(plan), plan.Id, "progress"))));

    private string IdOf(ChangePlan plan, string principal) => $"plan-{Canonical.Hash(origin, principal, $"{plan.MadeAt}", Canonical.Of(plan.Content()))[..12]}";

    private ChangePlan? Read(string id, string principal, JsonObject? content, JsonObject? progress, long made)
    {
        if (content is null || progress is null)
            return null;
        var plan = new ChangePlan(id, content["headline"]!.ToString(), made, [.. content["changes"]!.AsArray().Select(one => PlannedChange.Read(one!))],
            progress["states"]!.AsObject().ToDictionary(one => one.Key, one => one.Value!.AsObject(), StringComparer.Ordinal))
        {
            Done = progress["done"]!.AsObject().ToDictionary(one => int.Parse(one.Key, System.Globalization.CultureInfo.InvariantCulture), one => new DoneChange(one.Value!["call"]?.ToString(), one.Value["made"]?.ToString())),
        };
        return IdOf(plan, principal) == id ? plan : null;
    }

    private static JsonObject Progress(ChangePlan plan) => new()
    {
        ["states"] = new JsonObject(plan.States.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value.DeepClone()))),
        ["done"] = new JsonObject(plan.Done.Select(one => KeyValuePair.Create(one.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), (JsonNode?)new JsonObject { ["call"] = one.Value.Call, ["made"] = one.Value.Made }))),
    };

    private string Seal(JsonObject what, string id, string part) => store.Sealing.Seal(what.ToJsonString(Budget.Json), $"{origin} {id} {part}");

    private JsonObject? Open(string text, string id, string part) => store.Sealing.TryOpen(text, $"{origin} {id} {part}") is { } opened ? JsonNode.Parse(opened) as JsonObject : null;
}
