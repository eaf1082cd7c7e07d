using System.Text.Json.Nodes;
using CsCheck;
using SyncMcp.AsCode;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.AsCode;

/// <summary>What comes out of a workspace and goes into an empty one comes out of that one the same.</summary>
public sealed class RoundTripTests
{
    // The long form is SYNCMCP_WORKSPACES=200.
    private static readonly int Workspaces = int.TryParse(Environment.GetEnvironmentVariable("SYNCMCP_WORKSPACES"), out var count) ? count : 5;

    private static readonly string[] Odd = ["a: b", "- x", "null", "it's \"so\"", "Zürich # 1", "100%", "true", "x"];
    private static readonly Gen<string> Word = Gen.OneOf(Gen.String[Gen.Char["abcXYZ0123456789_ -"], 1, 12].Select(text => $"n{text.TrimEnd()}"), Gen.Int[0, Odd.Length - 1].Select(at => Odd[at]));
    private static readonly Gen<string> Script = Gen.Int[0, 3].Select(at => new[] { "log('x');", "log('a');\n  log(\"b\");\n", "// ü: {}\nfail('no')", "log(1)\n\nlog(2)" }[at]);

    private static Gen<List<string>> Names(int most) => Word.List[0, most].Select(names => names.DistinctBy(name => name, StringComparer.OrdinalIgnoreCase).ToList());

    private static readonly Gen<JsonObject> Documents =
        from connections in Names(3).Where(names => names.Count > 0)
        from jobs in Names(4)
        from transformations in Names(3)
        from pipelines in Names(2)
        from pick in Gen.Int[0, 1_000_000]
        from words in Word.List[8, 8]
        from scripts in Script.List[4, 4]
        select Document(connections, jobs, transformations, pipelines, new Random(pick), words, scripts);

    [Fact]
    public async Task Export_apply_into_an_empty_workspace_and_export_gives_the_same_document()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var number = 0;
        await Documents.SampleAsync(async document =>
        {
            var first = await AppliedAsync(session, $"w{++number}", document.ToJsonString());
            var second = await AppliedAsync(session, $"w{++number}", first);
            Assert.Equal(Body(first), Body(second));
        }, iter: Workspaces, threads: 1);
    }

    private static async Task<string> AppliedAsync(SyncSession session, string workspace, string document)
    {
        (await session.CallAsync("create_workspace", new { name = workspace })).Ok();
        (await session.CallAsync("apply_workspace", new { document, workspace_id = workspace })).Ok();
        var left = (await session.CallAsync("plan_workspace", new { document, workspace_id = workspace })).Ok().Result;
        Assert.True((int)left["changes"]! == 0, left.ToJsonString());
        var text = "";
        string? cursor = null;
        do
        {
            var asked = new JsonObject { ["workspace_id"] = workspace, ["format"] = "json" };
            if (cursor is not null)
                asked["cursor"] = cursor;
            var page = (await session.CallAsync("export_workspace", asked)).Ok();
            text += (string)page.Result["document"]!;
            cursor = (string?)page.Structured["next_cursor"];
        }
        while (cursor is not null);
        return Yaml.Write(JsonNode.Parse(text)); // through the other form as well
    }

    private static string Body(string document) => string.Join('\n', document.Split('\n').Where(line => !line.StartsWith("workspace:", StringComparison.Ordinal)));

    private static JsonObject Document(List<string> connections, List<string> jobs, List<string> transformations, List<string> pipelines, Random random, List<string> words, List<string> scripts)
    {
        string One(List<string> from) => from[random.Next(from.Count)];
        bool Maybe() => random.Next(2) == 0;
        JsonArray Labels() => new([.. words.Take(random.Next(3)).Distinct(StringComparer.Ordinal).Select(word => (JsonNode)word)]);
        return new()
        {
            ["syncmcp"] = 1,
            ["connections"] = new JsonArray([.. connections.Select((name, at) => (JsonNode)(Maybe()
                ? new JsonObject { ["name"] = name, ["connector"] = "SQLite", ["properties"] = new JsonObject { ["Data Source"] = $"f{at}.db" }, ["labels"] = Labels() }
                : new JsonObject { ["name"] = name, ["connector"] = "CSV", ["properties"] = new JsonObject { ["URI"] = $"d{at}", ["Include Column Headers"] = "True" } }))]),
            ["jobs"] = new JsonArray([.. jobs.Select((name, at) => (JsonNode)new JsonObject
            {
                ["name"] = name,
                ["source_connection"] = One(connections),
                ["destination_connection"] = One(connections),
                ["schedule"] = at == 0 ? null : new JsonObject { ["enabled"] = false, ["cron"] = "0 30 * * * *" },
                ["settings"] = new JsonObject { ["batch_size"] = random.Next(1, 9000), ["skip_deleted"] = Maybe(), ["table_name_prefix"] = $"p{random.Next(100)}_" },
                ["labels"] = Labels(),
                ["tasks"] = new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(task => (JsonNode)(Maybe()
                    ? new JsonObject { ["table"] = $"t{task}", ["enabled"] = Maybe() }
                    : new JsonObject { ["name"] = words[task], ["query"] = $"REPLICATE [d{task}] SELECT [a], [b] FROM [t{task}] WHERE [a] > {random.Next(9)}" }))]),
            })]),
            ["transformations"] = new JsonArray([.. transformations.Select(name => (JsonNode)new JsonObject
            {
                ["name"] = name,
                ["destination_connection"] = One(connections),
                ["trigger"] = jobs.Count > 0 && Maybe() ? new JsonObject { ["type"] = "AfterJob", ["after_job"] = One(jobs) } : null,
                ["tasks"] = new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(task => (JsonNode)new JsonObject { ["name"] = words[task + 4], ["query"] = $"UPDATE t\n   SET a = '{task}'\n WHERE b = 'x: y'" })]),
            })]),
            ["pipelines"] = new JsonArray([.. pipelines.Select(name => (JsonNode)new JsonObject
            {
                ["name"] = name,
                ["schedule"] = Maybe() ? new JsonObject { ["enabled"] = false, ["cron"] = "0 0 3 * * MON" } : null,
                ["events"] = new JsonArray(new JsonObject { ["name"] = words[0], ["script"] = scripts[random.Next(4)] }),
                ["steps"] = new JsonArray(
                [
                    new JsonObject { ["name"] = "e", ["type"] = "Event", ["entity"] = words[0], ["enabled"] = Maybe() },
                    .. jobs.Take(1).Select(job => (JsonNode)new JsonObject { ["name"] = "j", ["type"] = "Replication", ["entity"] = job }),
                    .. transformations.Take(1).Select(one => (JsonNode)new JsonObject { ["name"] = "t", ["type"] = "Transformation", ["entity"] = one }),
                ]),
            })]),
        };
    }
}
