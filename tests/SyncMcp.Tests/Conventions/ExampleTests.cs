using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Tests.Testing;
using SyncMcp.Tests.Tools;

namespace SyncMcp.Tests.Conventions;

/// <summary>
/// What a schema promises, the engine keeps: of every tool's published schema a call with the required members alone and one with all members is made, in
/// a world where each thing exists, and must be done.
/// </summary>
public sealed class ExampleTests
{
    [Fact]
    public Task The_smallest_call_of_every_schema_is_accepted() => CallAllAsync(maximal: false);

    [Fact]
    public Task The_largest_call_of_every_schema_is_accepted() => CallAllAsync(maximal: true);

    private static async Task CallAllAsync(bool maximal)
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var world = await ExampleWorld.BuildAsync(session);
        var refused = new List<string>();
        foreach (var endpoint in Catalogue.All.OrderBy(Turn))
        {
            var arguments = Example(SchemaGenerator.Input(endpoint), world.ValuesOf(endpoint.Name, maximal), maximal);
            var result = await session.CallAsync(endpoint.Name, arguments);
            if (result.IsError && result.Code != ExampleWorld.ExpectedRefusalOf(endpoint.Name))
                refused.Add($"{endpoint.Name} {arguments.ToJsonString()}: {result.Text.Split('\n')[0]}");
            await world.GoOnAsync(endpoint.Name);
        }

        Assert.True(refused.Count == 0, string.Join('\n', refused));
    }

    // Everything is there as long as nothing was deleted: parts go before wholes, and what others use goes last.
    private static int Turn(Endpoint endpoint) => endpoint switch
    {
        { Kind: not (Kind.Delete or Kind.Reset) } => 0,
        { Kind: Kind.Reset } => 1,
        { Tier: Tier.DestroysPart } => 2,
        { Name: "delete_pipeline" } => 3,
        { Name: "delete_transformation" } => 4,
        { Name: "delete_job" } => 5,
        { Name: "delete_connection" } => 6,
        _ => 7,
    };

    private static JsonObject Example(JsonObject schema, IReadOnlyDictionary<string, JsonNode?> values, bool maximal)
    {
        var required = (schema["required"] as JsonArray)?.Select(name => (string)name!).ToHashSet(StringComparer.Ordinal) ?? [];
        var example = new JsonObject();
        foreach (var (name, member) in schema["properties"]!.AsObject())
        {
            var known = values.TryGetValue(name, out var value);
            if ((maximal ? known && value is null : !required.Contains(name) && !(known && value is not null && values.ContainsKey($"+{name}"))) || name is "cursor" or "confirmation_token")
                continue; // a null in the world says: not together with the others
            example[name] = known ? value?.DeepClone() : Of(member!.AsObject(), name, values, maximal);
        }

        return example;
    }

    private static JsonNode? Of(JsonObject schema, string name, IReadOnlyDictionary<string, JsonNode?> values, bool maximal) => (string?)schema["type"] switch
    {
        "object" => schema["properties"] is JsonObject ? Example(schema, Inner(values, name), maximal) : new JsonObject(),
        "array" => new JsonArray(Of(schema["items"]!.AsObject(), name, values, maximal)),
        "boolean" => true,
        "integer" or "number" => schema["minimum"] is { } least && (int)least > 2 ? (int)least : 2,
        _ when schema["enum"] is JsonArray words => words[0]!.DeepClone(),
        _ when (string?)schema["format"] == "date-time" => "2026-01-31T08:00:00Z",
        _ => name,
    };

    // settings.verbosity is looked up as it stands; a bare name holds everywhere.
    private static Dictionary<string, JsonNode?> Inner(IReadOnlyDictionary<string, JsonNode?> values, string name) => values
        .Where(value => value.Key.StartsWith($"{name}.", StringComparison.Ordinal))
        .ToDictionary(value => value.Key[(name.Length + 1)..], value => value.Value, StringComparer.Ordinal);
}
