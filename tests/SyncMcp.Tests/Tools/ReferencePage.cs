using System.Text;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Tests.Conventions;
using SyncMcp.Tools;

namespace SyncMcp.Tests.Tools;

/// <summary>The page docs/tools.md, from the catalogue.</summary>
internal static class ReferencePage
{
    public static string Text()
    {
        var page = new StringBuilder();
        page.Append($$"""
            # Tools

            Generated from the catalogue; do not edit (`UPDATE_SNAPSHOTS=1 dotnet test` writes it). {{Catalogue.All.Count}} tools, one for each operation of the areas below, and {{OwnTools.All.Count}} that span operations. The schemas
            that clients see are in [manifests/tools](../manifests/tools), one file a tool.

            **Tier**, what the guard asks for at least: R reads; W writes that can start nothing; W+ runs or arms, asks once for each definition that is not plain;
            D stops a run or deletes a part, one consent; X deletes a whole or touches credentials, a person types a phrase.

            **Basis** of route, request and response: D documented by the vendor; I1 inferred, strong (the path of a documented sibling); I2 inferred, medium (a
            collection that the operation's name says); I3 inferred, weak (an action word or a body that we had to choose). Routes can be overridden where a server differs.

            Every argument that takes an id takes a unique name too. Arguments with the same meaning everywhere: `fields` (more members of a list's items, `["*"]` for all),
            `limit` (1 to 200, default 25) and `cursor` (the answer's `next_cursor`) on reads, `idempotency_key` on what creates or starts (the same key, the same answer), `confirmation_token` on D.

            """);
        foreach (var area in Catalogue.Areas)
        {
            page.Append($"\n## {char.ToUpperInvariant(area.Name[0])}{area.Name[1..]}\n\n");
            page.Append("| Tool | Tier | What it does | Arguments | Route | Basis |\n| --- | --- | --- | --- | --- | --- |\n");
            foreach (var endpoint in area.Endpoints)
            {
                var basis = endpoint.Extension ? "embedded engine only" : Published.Operations[endpoint.Name].Marks.Replace("/", ", ", StringComparison.Ordinal);
                page.Append($"| `{endpoint.Name}` | {endpoint.Tier.Letter()} | {endpoint.Description} | {Arguments(SchemaGenerator.Input(endpoint))} | `{endpoint.Method} {endpoint.Route}` | {basis} |\n");
            }
        }

        page.Append("\n## Tools that span operations\n\nOn both surfaces, with the same validation, policy, guard and audit. Real: on a CData Sync server too; embedded: with the engine of this program only.\n\n");
        page.Append("| Tool | Toolset | Tier | What it does | Arguments |\n| --- | --- | --- | --- | --- |\n");
        foreach (var tool in OwnTools.All)
            page.Append($"| `{tool.Name}` | {tool.Toolset} | {tool.Tier.Letter()} | {tool.Description} | {Arguments(SchemaGenerator.Input(tool))} |\n");

        page.Append("\n## The compact surface\n\nFour tools that reach all of the above, with the same validation and guard: for clients that take few tools ([guide](guide.md#fewer-tools)).\n\n");
        page.Append("| Tool | What it does | Arguments |\n| --- | --- | --- |\n");
        foreach (var tool in CompactTools.All)
            page.Append($"| `{tool.Name}` | {tool.Description} | {Arguments(SchemaGenerator.Input(tool))} |\n");
        return page.ToString();
    }

    // The operation's own; those that must be given first and bold.
    private static string Arguments(JsonObject schema)
    {
        var required = (schema["required"] as JsonArray)?.Select(name => (string)name!).ToList() ?? [];
        var names = schema["properties"]!.AsObject().Select(property => property.Key).Except(SyncMcp.Filters.ControlArguments.Names, StringComparer.Ordinal);
        return string.Join(", ", names.OrderBy(name => required.Contains(name) ? 0 : 1).Select(name => required.Contains(name) ? $"**{name}**" : name));
    }
}
