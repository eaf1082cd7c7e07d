using System.Text.Json.Nodes;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>Reads the arguments of a call as the plans need them.</summary>
internal static class Arguments
{
    /// <summary>The id that an argument holds; names were resolved before.</summary>
    public static string Id(this Call call, string member) => call.Arguments[member]?.ToString() ?? "";

    /// <summary>A copy of the arguments without some.</summary>
    public static JsonObject Without(this Call call, params ReadOnlySpan<string> names)
    {
        var rest = call.Arguments.DeepClone().AsObject();
        foreach (var name in names)
            rest.Remove(name);
        return rest;
    }

    /// <summary>The refusal for a part that is not there.</summary>
    public static ToolException Missing(string kind, string id, string list) =>
        new(new("not_found", $"There is no {kind} {Text.Quote(id)}.", $"See {list}."));

    /// <summary>The refusal for a thing that others use, where the server would refuse it anyway: nobody is to be asked about nothing.</summary>
    public static ToolException InUse(string what, string name, string next, IEnumerable<IRunnable> users) =>
        new(new("invalid_request", $"This {what.ToLowerInvariant()} is used by others: details.used_by.", next, Details: new()
        {
            ["name"] = Text.Cut(name, 300),
            ["used_by"] = new JsonArray([.. users.Select(user => (JsonNode)new JsonObject { ["kind"] = user.Kind, ["id"] = user.Id, ["name"] = user.Name })]),
        }));
}
