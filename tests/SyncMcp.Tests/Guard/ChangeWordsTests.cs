using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Json;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;
using SyncMcp.Guard;

namespace SyncMcp.Tests.Guard;

/// <summary>The difference between two definitions as a person reads it: words for what is known, quoted names for what is not, and nothing left out.</summary>
public sealed class ChangeWordsTests
{
    [Fact]
    public void What_changed_is_said_in_words_endpoints_first()
    {
        var before = Jobs.Of(job => (job["schedule"], job["settings"]) = (Json("""{"enabled": false, "cron": "0 0 2 * * *"}"""), Json("""{"truncate_table_data": false, "batch_size": 7}""")), tasks: ["orders", "customers"]);
        var after = Jobs.Of(job => (job["schedule"], job["settings"]) = (Json("""{"enabled": true, "cron": "0 0 3 * * *"}"""), Json("""{"truncate_table_data": true}""")), tasks: ["orders", "customers"]);
        after.Tasks[1]["query"] = "REPLICATE [customers] WITH DropTable=True";
        after.Tasks[0]["enabled"] = false;
        after = after with { Source = Jobs.Connection("s2", "shop2.db") };

        var lines = Changes(before, after);

        Assert.StartsWith("what the source connection holds (fingerprint): \"", lines[0], StringComparison.Ordinal);
        Assert.Equal(
        [
            "source connection (id): \"s\" -> \"s2\"",
            "schedule: \"0 0 2 * * *\" -> \"0 0 3 * * *\"",
            "runs by its schedule: no -> yes",
            "rows per batch: 7 -> (none)",
            "deletes all rows of the destination tables before each run: no -> yes",
            "task 1 \"orders\", is run: yes -> no",
            "task 2 \"customers\", query: (none) -> \"REPLICATE [customers] WITH DropTable=True\"",
            "task 2 \"customers\", source table: \"customers\" -> (none)",
        ], lines.SkipWhile(line => line.Contains("fingerprint", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_group_of_settings_and_a_task_that_come_or_go_whole_are_told_member_by_member()
    {
        var before = Jobs.Of(tasks: ["orders", "old"]);
        before.Tasks[1]["enabled"] = false;
        var after = Jobs.Of(job => job["settings"] = Json("""{"drop_table": true, "x_more": {"deep": [1, "two"]}}"""), tasks: ["orders"]);

        Assert.Equal(
        [
            "drops the destination tables before each run: (none) -> yes",
            "member \"settings/x_more/deep\" (unknown): (none) -> \"[1,”two”]\"",
            "task 2, is run: no -> (none)",
            "task 2, source table: \"old\" -> (none)",
        ], Changes(before, after));
    }

    [Theory]
    [InlineData("settings/batch_size")] // looks like a path of ours
    [InlineData("rows per batch: 1 -> 1\n  schedule")]
    [InlineData("a\" -> \"b")]
    [InlineData("a\u202Eb")]
    public void A_name_that_no_contract_knows_stays_quoted_on_its_line(string name)
    {
        var line = Assert.Single(Changes(Jobs.Of(), Jobs.Of(job => job[name] = true)));
        Assert.True(line.Split('"') is [_, _, " (unknown): (none) -> true"], line);
        Assert.StartsWith("member \"", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', line);
    }

    [Fact]
    public void A_text_that_says_none_or_yes_is_told_from_ours_by_its_quotes() =>
        Assert.Equal(["schema at the destination: \"(none)\" -> \"yes\""], Changes(
            Jobs.Of(job => job["settings"] = Json("""{"destination_schema": "(none)"}""")), Jobs.Of(job => job["settings"] = Json("""{"destination_schema": "yes"}"""))));

    [Fact]
    public void Every_member_of_the_contracts_that_counts_has_words()
    {
        (string Root, JsonTypeInfo Contract)[] all =
        [
            ("job/settings", SyncJson.Info<JobSettings>()), ("job/events", SyncJson.Info<JobEvents>()), ("job/schedule", SyncJson.Info<Schedule>()), ("job/alerts", SyncJson.Info<Alerts>()),
            ("transformation/settings", SyncJson.Info<TransformationSettings>()), ("transformation/trigger", SyncJson.Info<TransformationTrigger>()), ("transformation/schedule", SyncJson.Info<Schedule>()),
            ("pipeline/settings", SyncJson.Info<PipelineSettings>()), ("pipeline/schedule", SyncJson.Info<Schedule>()), ("connection/settings", SyncJson.Info<ConnectionSettings>()),
        ];
        Assert.DoesNotContain(all.SelectMany(one => one.Contract.Properties.Where(property => !property.IsExtensionData).Select(property => $"{one.Root}/{property.Name}")), path => MemberWords.Find(path.Split('/')) is null);
    }

    // A name and a colon before a value look like a secret's: a mask on the old value alone would hide it, and send the question to the terminal.
    [Theory]
    [InlineData("connection", "properties", "AuthToken")]
    [InlineData("connection", "properties", "Password")]
    [InlineData("job", "settings", "api_key")]
    [InlineData("job", "password")]
    [InlineData("tasks", "0", "secret")]
    public void No_name_of_a_member_hides_its_values(params string[] path)
    {
        var text = new QuestionText("Head");
        ChangeLines.Add(text, [new(path, null, "Zk93-newer-Qq81"), new(path, "Zk93-older-Qq81", "Zk93-newer-Qq81"), new(path, "Zk93-older-Qq81", null)], _ => "password");
        Assert.Contains(": (none) -> \"Zk93-newer-Qq81\"", text.ToString(), StringComparison.Ordinal);
        Assert.Equal(text.ToString(), SyncMcp.Redaction.Redactor.Mask(text.ToString()));
    }

    private static List<string> Changes(JobState before, JobState after)
    {
        var question = RunQuestion.Text("Run?", [new(after, after.Definition(), Need.Phrase, Plain: false, [], [], Jobs.Approved(before, "chat"))]);
        return [.. question.Split('\n').SkipWhile(line => line != "- Changed since it was approved:").Skip(1).TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line[2..])];
    }

    private static JsonNode Json(string text) => JsonNode.Parse(text)!;
}
