using System.Text.Json.Nodes;
using SyncMcp.Guard;

namespace SyncMcp.Tests.Guard;

/// <summary>What jobs, transformations, pipelines and events say of themselves to the guard, and how a question describes them.</summary>
public sealed class ThingStateTests
{
    [Fact]
    public void A_job_says_what_it_is_and_takes_for_granted_what_the_API_does()
    {
        var job = Jobs.Of(body => (body["status"], body["settings"], body["schedule"]) = ("Running", Json("""{"destination_schema":"lake","batch_size":5}"""), Json("""{"enabled":true,"cron":"0 0 2 * * *"}""")), ["a", "b"]);

        Assert.Equal(("job", "j", "nightly", "Standard", "Running", "lake", true, "0 0 2 * * *"), (job.Kind, job.Id, job.Name, job.Type, job.Status, job.DestinationSchema, job.IsScheduled, job.Schedule));
        Assert.Equal(5, job.ReadSettings()!.BatchSize);
        Assert.Same(job.Source, job.ReadsFrom);
        Assert.Same(job.Destination, job.WritesTo);
        Assert.StartsWith("2 tables from ", job.InShort(), StringComparison.Ordinal);
        Assert.StartsWith("1 table from ", Jobs.Of().InShort(), StringComparison.Ordinal);
        Assert.Contains("shop.db", job.InShort(), StringComparison.Ordinal);
        Assert.Contains(" to ", job.InShort(), StringComparison.Ordinal);
        Assert.Equal("5", job.Member("settings", "batch_size")!.ToString());
        Assert.Null(job.Member("alerts", "x"));

        var bare = job with { Job = new JsonObject { ["id"] = "j", ["settings"] = new JsonObject { ["destination_schema"] = "" } } };
        Assert.Equal(("j", "Standard", null, null), (bare.Name, bare.Type, bare.DestinationSchema, bare.Status));
        Assert.Equal("", (job with { Job = [] }).Id);
        Assert.NotNull((job with { Job = [] }).ReadSettings());
        Assert.Null((job with { Job = new JsonObject { ["settings"] = "x" } }).ReadSettings());
    }

    [Fact]
    public void A_SyncAll_jobs_definition_holds_what_is_left_out_and_what_is_no_copy()
    {
        static string Tasks(string type) => (Jobs.Of(body => body["type"] = type) with
        {
            Tasks = [Json("""{"table":"copy"}"""), Json("""{"table":"out","enabled":false}"""), Json("""{"table":"q","query":"SELECT 1"}"""), Json("""{"table":"c","incremental_check_column":"at"}"""), Json("""{"table":"blank","query":" ","incremental_check_column":""}"""), Json("""{"table":"on","enabled":true}""")],
        }).Definition(["t1"]).Content["tasks"]!.ToJsonString();

        Assert.Equal("""[{"table":"out","enabled":false},{"query":"SELECT 1"},{"table":"c","incremental_check_column":"at"}]""", Tasks("SyncAll"));
        Assert.Equal(6, JsonNode.Parse(Tasks("Standard"))!.AsArray().Count);
        var definition = Jobs.Of().Definition(["t1"]);
        Assert.Equal(["t1"], definition.Adopted);
        Assert.Equal(("job", "j", "nightly"), (definition.Kind, definition.Id, definition.Name));
        Assert.Equal(["destination", "job", "source", "tasks"], definition.Content.Select(member => member.Key).Order());
        Assert.Equal("nightly", definition.Facts["name"]!.ToString());
        Assert.Contains("shop.db", definition.Facts["source"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("copy.db", definition.Facts["destination"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("s", definition.Content["source"]!["id"]!.ToString());
        Assert.Equal("d", definition.Content["destination"]!["id"]!.ToString());
        Assert.NotEqual(definition.Content["source"]!["hash"]!.ToString(), definition.Content["destination"]!["hash"]!.ToString());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"  \"")]
    [InlineData("\"log()\"", "A script runs on the server.")]
    [InlineData("5", "A script runs on the server.")]
    [InlineData("{}", "A script runs on the server.")]
    public void An_event_raises_its_script(string script, params string[] raises)
    {
        var one = new EventState("p", new() { ["id"] = "e", ["name"] = "n", ["script"] = JsonNode.Parse(script) });
        Assert.Equal(raises, one.Raises());
        Assert.Equal([.. raises, "It holds members that syncmcp does not know."], new EventState("p", Jobs.With(one.Body, "x", 1)).Raises());
    }

    [Fact]
    public void An_event_is_named_within_its_pipeline_and_shown_whole()
    {
        var one = new EventState("p", Json("""{"id":"e","name":"n","script":"a\nb","x":1}"""));

        Assert.Equal(("event", "p/e", "e", "n", false, null, null), (one.Kind, one.Id, one.EventId, one.Name, one.IsScheduled, one.Schedule, one.Status));
        Assert.Equal(("", "", ""), (new EventState("p", []).Id, new EventState("p", []).EventId, new EventState("p", []).Name));
        Assert.Equal("e", new EventState("p", Json("""{"id":"e"}""")).Name);
        Assert.Equal((null, null, "a script on the server"), (one.ReadsFrom, one.WritesTo, one.InShort()));
        Assert.Equal("n", one.Definition().Facts["name"]!.ToString());
        Assert.Equal(
            """
            Head
            - why
            - Nobody has approved a definition of it yet.
            Script:
              | a
              | b
            Further members:
              | {"x":1}
            """, Described(one, ["why"]), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void A_pipeline_lists_its_steps_and_those_that_are_off()
    {
        var pipeline = new PipelineState
        {
            Pipeline = Json("""{"id":"p","name":"line","status":"Idle","schedule":{"enabled":true,"cron":"0 0 2 * * *"},"x":1}"""),
            Steps =
            [
                Json("""{"type":"Replication","name":"first","entity":{"id":"j","name":"nightly"}}"""),
                Json("""{"type":"Replication","entity":{"id":"k","name":"other"},"enabled":false}"""),
                Json("""{"type":"Event","entity":{"id":"e"},"more":2}"""),
                Json("""{"type":"Odd"}"""),
            ],
        };

        Assert.Equal(("pipeline", "p", "line", "Idle", true, "0 0 2 * * *", "4 steps"), (pipeline.Kind, pipeline.Id, pipeline.Name, pipeline.Status, pipeline.IsScheduled, pipeline.Schedule, pipeline.InShort()));
        Assert.Equal((true, false, true, false), (pipeline.Runs("j"), pipeline.Runs("k"), pipeline.Runs("e"), pipeline.Runs("")));
        Assert.Equal(["first", "other", "e", ""], pipeline.Steps.Select(PipelineState.NameOf));
        Assert.Equal(["job", "job", "event", null], pipeline.Steps.Select(PipelineState.KindOf));
        Assert.Equal(["j", "k", "e", null], pipeline.Steps.Select(PipelineState.EntityOf));
        Assert.Null(PipelineState.EntityOf(Json("""{"entity":{"id":""}}""")));
        Assert.Equal((null, null), (pipeline.ReadsFrom, pipeline.WritesTo));
        Assert.Equal(["A step is of a kind that syncmcp does not know.", "It holds members that syncmcp does not know."], pipeline.Raises());
        Assert.Empty(new PipelineState { Pipeline = Json("""{"id":"p"}"""), Steps = [] }.Raises());
        Assert.Equal(("", ""), (new PipelineState { Pipeline = [], Steps = [] }.Id, new PipelineState { Pipeline = [], Steps = [] }.Name));
        var content = pipeline.Definition().Content;
        Assert.Equal(4, content["steps"]!.AsArray().Count);
        Assert.Equal("1", content["pipeline"]!["x"]!.ToString());
        Assert.Equal("line", pipeline.Definition().Facts["name"]!.ToString());
        Assert.Equal(
            """
            Head
            Schedule: "0 0 2 * * *"
            Steps in order (4): "Replication first = nightly", "Replication other (off)", "Event e", "Odd "
            - why
            - Nobody has approved a definition of it yet.
            Further members of a step:
              | {"more":2}
            """, Described(pipeline, ["why"]).Split("\nFurther members:")[0], ignoreLineEndingDifferences: true);
        Assert.Contains("\"x\":1", Described(pipeline, []), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", false, null, null)]
    [InlineData("""{"trigger":{"type":"None","after_job":"j","schedule_cron":"c"}}""", false, null, "c")]
    [InlineData("""{"trigger":{"type":"AfterJob","after_job":"j"}}""", false, "j", null)]
    [InlineData("""{"trigger":{"type":"AfterJob","after_job":{"id":"j","name":"n"}}}""", false, "j", null)]
    [InlineData("""{"trigger":{"type":"AfterJob","after_job":{"name":"n"}}}""", false, "n", null)]
    [InlineData("""{"trigger":{"type":"Scheduled","schedule_cron":"c","after_job":"j"}}""", true, null, "c")]
    [InlineData("""{"trigger":{"type":"Odd","after_job":"j"}}""", true, "j", null)]
    [InlineData("""{"trigger":{"schedule_cron":"c"}}""", true, null, "c")]
    [InlineData("""{"trigger":{"after_job":"j"}}""", false, "j", null)]
    [InlineData("""{"trigger":"None"}""", true, null, null)]
    public void A_transformation_starts_by_its_trigger(string json, bool scheduled, string? after, string? cron)
    {
        var one = Transformation(json);
        Assert.Equal((scheduled, after, cron), (one.IsScheduled, one.After, one.Schedule));
        Assert.Equal(after is not null, one.Follows(after ?? "j", "") || one.Follows("", after ?? "j"));
        Assert.False(one.Follows("else", "other"));
        if (after is not null)
            Assert.True(one.Follows(after.ToUpperInvariant(), "x") && one.Follows("x", after.ToUpperInvariant()));
    }

    [Fact]
    public void A_transformation_without_a_job_before_it_follows_nothing_that_has_no_name() =>
        Assert.False(Transformation("""{"trigger":{"type":"AfterJob","after_job":""}}""").Follows("", ""));

    [Theory]
    [InlineData("SQL", "SQL runs at the destination as it stands; it can change or delete anything there.")]
    [InlineData("DBT", "A dbt project runs: code that stands elsewhere and that nobody is shown here.")]
    [InlineData("DBT-Cloud", "A dbt project runs: code that stands elsewhere and that nobody is shown here.")]
    [InlineData("Odd", "The transformation's type is unknown.")]
    public void A_transformation_raises_what_it_is(string type, string raised)
    {
        var one = Transformation($$"""{"id":"t","type":"{{type}}"}""") with { Tasks = type == "SQL" ? [Json("""{"query":"q"}""")] : [] };
        Assert.Equal([raised], one.Raises());
        Assert.Equal([raised, "What the destination connection holds cannot be read."], (one with { Destination = [] }).Raises());
        Assert.Equal([raised, "It holds members that syncmcp does not know."], (one with { Transformation = Jobs.With(one.Transformation, "x", 1) }).Raises());
        Assert.Contains("It holds members that syncmcp does not know.", (one with { Tasks = [Json("""{"query":"q","x":1}""")] }).Raises());
        Assert.Empty(Transformation("{}").Raises());
    }

    [Fact]
    public void A_transformation_is_described_with_its_SQL_whole()
    {
        var one = Transformation("""{"id":"t","name":"n","type":"DBT","status":"Idle","trigger":{"type":"AfterJob","after_job":"j"},"x":1}""") with { Tasks = [Json("""{"query":"DELETE\nFROM t","y":2}""")] };

        Assert.Equal(("transformation", "t", "n", "DBT", "Idle"), (one.Kind, one.Id, one.Name, one.Type, one.Status));
        Assert.Equal(("", "", "SQL"), (Transformation("{}").Id, Transformation("{}").Name, Transformation("{}").Type));
        Assert.Null(one.ReadsFrom);
        Assert.Same(one.Destination, one.WritesTo);
        var text = Described(one, ["why"]);
        Assert.Contains("Works in: \"", text, StringComparison.Ordinal);
        Assert.Contains("\nStarts after job: \"j\"\nType: \"DBT\"\n- why\n- Nobody has approved a definition of it yet.\nSQL:\n  | DELETE\n  | FROM t\nFurther members of a task:\n  | {\"y\":2}\nFurther members:\n  | {", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Type:", Described(Transformation("""{"type":"SQL"}"""), []), StringComparison.Ordinal);
        Assert.Equal(["destination", "tasks", "transformation"], one.Definition().Content.Select(member => member.Key).Order());
        Assert.Contains("copy.db", one.Definition().Facts["destination"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("n", one.Definition().Facts["name"]!.ToString());
    }

    [Fact]
    public void Changes_since_an_approval_are_told_up_to_twenty()
    {
        var before = Jobs.Of();
        JobState Changed(int count) => Jobs.Of(job => job["settings"] = new JsonObject(Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"m{i:00}", (JsonNode?)i))));

        var twenty = Described(Changed(20), [], Jobs.Approved(before, "chat"));
        Assert.Contains("- Changed since it was approved:", twenty, StringComparison.Ordinal);
        Assert.Contains("m19", twenty, StringComparison.Ordinal);
        Assert.Contains("- Changed since it ran:", Described(Changed(1), [], Jobs.Approved(before, "plain")), StringComparison.Ordinal);
        var revoked = Described(Jobs.Of(), [], Jobs.Approved(before, Approvals.Revoked));
        Assert.Contains("- The operator took its approval back.", revoked, StringComparison.Ordinal);
        Assert.DoesNotContain("Changed since", revoked, StringComparison.Ordinal);

        bool Alone(int tasks)
        {
            var after = Jobs.Of(tasks: [.. Enumerable.Range(0, tasks).Select(i => $"t{i}")]);
            return DefinitionChanges.AddAll(new("Head"), new(after, after.Definition(), Need.Confirm, false, [], [], Jobs.Approved(Jobs.Of(tasks: []), "chat")));
        }

        Assert.Equal((false, true, true, false), (Alone(0), Alone(1), Alone(20), Alone(21)));
    }

    [Fact]
    public void More_than_twenty_changes_are_counted()
    {
        var after = Jobs.Of(tasks: [.. Enumerable.Range(0, 25).Select(i => $"t{i}")]);
        var text = new QuestionText("Head");
        DefinitionChanges.Add(text, new(after, after.Definition(), Need.Confirm, false, [], [], Jobs.Approved(Jobs.Of(tasks: []), "chat")));

        Assert.EndsWith("- 5 more changes; all of the present definition is shown.", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("task 20 \"t19\"", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("task 21 \"", text.ToString(), StringComparison.Ordinal);
    }

    private static TransformationState Transformation(string json) => new() { Transformation = Json(json), Tasks = [], Destination = Jobs.Connection("d", "copy.db") };

    private static string Described(IRunnable thing, string[] reasons, Approval? approved = null)
    {
        var text = new QuestionText("Head");
        thing.Describe(text, new(thing, thing.Definition(), Need.Confirm, false, reasons, [], approved));
        return text.ToString();
    }

    private static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();
}
