using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Workspaces;
using SyncMcp.Guard;

namespace SyncMcp.Tests.Guard;

/// <summary>The guard's small rules one by one: what counts as armed, what raises a consent, what a question says, whose question an answer answers.</summary>
public sealed class GuardRuleTests
{
    [Theory]
    [InlineData("{}", false, null)]
    [InlineData("""{"schedule":null}""", false, null)]
    [InlineData("""{"schedule":{}}""", false, null)]
    [InlineData("""{"schedule":{"cron":"c"}}""", false, "c")]
    [InlineData("""{"schedule":{"enabled":false,"cron":"c"}}""", false, "c")]
    [InlineData("""{"schedule":{"enabled":true}}""", true, null)]
    [InlineData("""{"schedule":{"enabled":"false"}}""", true, null)]
    [InlineData("""{"schedule":{"enabled":0}}""", true, null)]
    [InlineData("""{"schedule":"hourly"}""", true, null)]
    [InlineData("""{"schedule":[]}""", true, null)]
    public void A_schedule_that_cannot_be_read_is_on(string json, bool isOn, string? cron)
    {
        Assert.Equal(isOn, Schedules.IsOn(Json(json)));
        Assert.Equal(cron, Schedules.Cron(Json(json)));
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"enabled":null}""", true)]
    [InlineData("""{"enabled":true}""", true)]
    [InlineData("""{"enabled":"false"}""", true)]
    [InlineData("""{"enabled":false}""", false)]
    public void A_part_is_off_where_it_says_so(string json, bool enabled) => Assert.Equal(enabled, Schedules.IsEnabled(Json(json)));

    [Theory]
    [InlineData(null, true)]
    [InlineData("Idle", true)]
    [InlineData("Failed", true)]
    [InlineData("Running", false)]
    [InlineData("Wandering", false)]
    public void A_state_that_nobody_knows_may_be_a_run(string? status, bool atRest) => Assert.Equal(atRest, Schedules.IsAtRest(status));

    [Fact]
    public void Only_changes_and_runs_take_turns_and_only_runs_meet()
    {
        Assert.True(Turns.Concern(JobEndpoints.Update) && Turns.Concern(JobEndpoints.Execute) && Turns.Concern(JobEndpoints.DeleteTask));
        Assert.False(Turns.Concern(JobEndpoints.Get) || Turns.Concern(JobEndpoints.Cancel) || Turns.Concern(WorkspaceEndpoints.Delete));
        Assert.True(Turns.MayMeet(JobEndpoints.Execute));
        Assert.False(Turns.MayMeet(JobEndpoints.Update));
    }

    [Fact]
    public void Only_a_question_that_we_signed_comes_back()
    {
        var key = new byte[32];
        var state = new QuestionState("nonce", "bound", "state", 4711);
        var signed = state.Sign(("k1", key));
        QuestionState? Read(string text, byte[]? by = null) => QuestionState.Read(text, id => id == "k1" ? by ?? key : null);

        Assert.Equal(state, Read(signed));
        var parts = signed.Split('.');
        Assert.Equal("k1", parts[0]);
        var other = new QuestionState("nonce", "bound", "else", 4711).Sign(("k1", key)).Split('.');
        foreach (var forged in new[] { $"k2.{parts[1]}.{parts[2]}", $"k1.{other[1]}.{parts[2]}", $"k1.{parts[1]}.{other[2]}", $"k1.{parts[1]}", $"{signed}.x", "", "k1.!.!", $"k1.{parts[1]}.", signed + new string(' ', 2_000) })
            Assert.Null(Read(forged));
        Assert.Null(Read(signed, [1, .. new byte[31]]));
        var longest = new QuestionState(new string('n', 1_300), "b", "s", 1).Sign(("k1", key));
        Assert.InRange(longest.Length, 1_700, 2_000);
        Assert.NotNull(Read(longest));
        Assert.Null(Read(new QuestionState(new string('n', 1_600), "b", "s", 1).Sign(("k1", key))));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"type":"SyncAll"}""")]
    [InlineData("""{"type":"LoadFolder"}""")]
    [InlineData("""{"type":"ChangeDataCapture"}""")]
    [InlineData("""{"type":"ReverseETL"}""", "Type ReverseETL writes into an application.")]
    [InlineData("""{"type":"Odd"}""", "The job's type is unknown.")]
    [InlineData("""{"events":"x"}""", "The scripts around the job cannot be read.")]
    [InlineData("""{"events":{"pre_job":"","post_job":" "}}""")]
    [InlineData("""{"events":{"pre_job":"x"}}""", "A script runs on the server before the job.")]
    [InlineData("""{"events":{"post_job":"x"}}""", "A script runs on the server after the job.")]
    [InlineData("""{"events":{"between":{}}}""", "A script of an unknown kind runs on the server.")]
    [InlineData("""{"settings":{"other_options":"a=b"}}""", "Further options of the server are set (other_options).")]
    [InlineData("""{"settings":"x"}""", "The job's settings cannot be read.")]
    [InlineData("""{"settings":{"drop_table":true}}""", "Destination tables are DROPPED before each run (drop_table).")]
    [InlineData("""{"settings":{"drop_table":false,"truncate_table_data":true}}""", "All rows of destination tables are DELETED before each run (truncate_table_data).")]
    [InlineData("""{"settings":{"skip_deleted":false}}""", "Destination rows are DELETED when they are gone at the source (skip_deleted=false).")]
    [InlineData("""{"settings":{"skip_deleted":true}}""")]
    [InlineData("""{"alerts":{}}""")]
    [InlineData("""{"alerts":{"send_email":false,"email_to":"a@b.c"}}""")]
    [InlineData("""{"alerts":{"email_to":" "}}""")]
    [InlineData("""{"alerts":{"email_to":"a@b.c"}}""", "Each run is reported by MAIL to the addresses that are named.")]
    [InlineData("""{"alerts":{"send_email":true}}""", "Each run is reported by MAIL to the addresses that are named.")]
    [InlineData("""{"alerts":{"send_email":false,"to":"a@b.c"}}""", "Each run is reported by MAIL to the addresses that are named.")]
    [InlineData("""{"alerts":"a@b.c"}""", "Each run is reported by MAIL to the addresses that are named.")]
    public void What_a_job_holds_raises_the_consent_that_it_takes(string json, params string[] raises)
    {
        Assert.Equal(raises, Raising.Of(Jobs.Of(job =>
        {
            foreach (var (name, value) in Json(json))
                job[name] = value?.DeepClone();
        })));
    }

    [Fact]
    public void What_cannot_be_read_raises_too_and_so_does_what_a_query_says_over_the_settings()
    {
        var job = Jobs.Of();
        Assert.Equal(["What the source connection holds cannot be read."], Raising.Of(job with { Source = [] }));
        Assert.Equal(["What the destination connection holds cannot be read."], Raising.Of(job with { Destination = [] }));
        Assert.Equal(["A query cannot be read."], Raising.Of(Jobs.Of(query: "REPLICATE nonsense ((")));
        Assert.Equal(["Destination tables are DROPPED before each run (drop_table)."], Raising.Of(Jobs.Of(query: "REPLICATE [orders] WITH DropTable=True")));
        Assert.Null(Raising.StatementOf(Json("""{"query":"REPLICATE (("}""")));
        Assert.NotNull(Raising.StatementOf(Json("""{"table":"t"}""")));
        var lost = new Unreadable("job", "x");
        Assert.Equal(["What this is and does cannot be read."], lost.Raises());
        Assert.Equal(("x", true, "cannot be read", "unreadable", "job"), (lost.Name, lost.IsScheduled, lost.InShort(), lost.Definition().Kind, lost.Definition().Content["kind"]!.ToString()));
        Assert.Equal("x", lost.Definition().Content["id"]!.ToString());
        Assert.Equal("x", lost.Definition().Facts["name"]!.ToString());
    }

    [Fact]
    public void A_question_quotes_what_others_wrote_and_says_the_rest_itself()
    {
        var text = new QuestionText("Head").Say("ours").Fact("Fact", "a \"b\"\nc").Fact("None", null)
            .Change("Same", "x", "x").Change("New", null, "y").Change("Other", "x", "y").Change("Gone", "x", null)
            .Differs("about", "1", "2").Whole("Code", "a\nb").Whole("Blank", " ").Whole("No", null).Names("Names", ["p", "q"]).Names("Nobody", [])
            .Thing("Job", new string('n', 400), "").Thing("Job", "n", "i");

        Assert.Equal(
            $"""
            Head
            - ours
            Fact: "a ”b” c"
            Same: "x"
            New: "y"
            Other: "x" -> "y"
            Gone: "x" -> (none)
              about: 1 -> 2
            Code:
              | a
              | b
            Names (2): "p", "q"
            Job: {QuestionText.Quote(SyncMcp.Filters.Text.Cut(new string('n', 400), 300))}
            Job: "n"
            Job id: "i"
            """, text.ToString(), ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("nightly", "0123456789", "delete nightly")]
    [InlineData("a b-c_d.e", "0123456789", "delete a b-c_d.e")]
    [InlineData(" a", "0123456789", "delete 01234567")]
    [InlineData("a\n", "0123456789", "delete 01234567")]
    [InlineData("a;b", "12345678", "delete 12345678")]
    [InlineData("a;b", "123", "delete 123")]
    [InlineData("", "", "delete it")]
    [InlineData("1234567890123456789012345678901234567890", "i", "delete 1234567890123456789012345678901234567890")]
    [InlineData("12345678901234567890123456789012345678901", "i", "delete i")]
    public void What_is_typed_is_the_name_or_the_beginning_of_the_id_where_the_name_is_odd(string name, string id, string phrase) => Assert.Equal(phrase, QuestionText.Phrase("delete", name, id));

    [Fact]
    public void A_value_in_a_list_of_changes_is_short()
    {
        Assert.Null(QuestionText.Value(null));
        Assert.Equal("x", QuestionText.Value("x"));
        Assert.Equal("{\"a\":1}", QuestionText.Value(Json("""{"b":null,"a":1.0}""")));
    }

    [Fact]
    public void A_jobs_question_shows_all_that_decides()
    {
        var job = Jobs.Of(
            body =>
            {
                (body["settings"], body["alerts"], body["events"]) = (Json("""{"destination_schema":"lake"}"""), Json("""{"email_to":"a@b.c"}"""), Json("""{"pre_job":"one","post_job":"two"}"""));
                (body["schedule"], body["more"]) = (Json("""{"enabled":true,"cron":"0 0 2 * * *"}"""), 1);
            },
            ["orders"], "REPLICATE [x] SELECT * FROM [y]");
        job.Tasks[0]["enabled"] = false;
        job.Tasks[1]["odd"] = 1;
        var text = new QuestionText("Head");
        JobQuestion.Describe(text, job, new(job, job.Definition(), Need.Phrase, false, ["why"], ["taken"], null));
        var said = text.ToString();

        Assert.Matches("(?s)\\AHead\nSource: \"[^\n]*shop.db[^\n]*\"\nDestination: \"[^\n]*copy.db[^\n]*\"\nTables \\(2\\): \"orders -> [^\"]*orders \\(off\\)\", \"y -> [^\"]*x\"\nSchema there: \"lake\"\nExisting tables that it would write \\(1\\): \"taken\"\nSchedule: \"0 0 2 \\* \\* \\*\"\nType: \"Standard\"\n- why\n- Nobody has approved a definition of it yet.\nQuery of a task:\n  \\| REPLICATE \\[x\\] SELECT \\* FROM \\[y\\]\nFurther members of a task:\n", said);
        Assert.Contains("\nScript before:\n  | one\nScript after:\n  | two\nSettings:\n  | {\"destination_schema\":\"lake\"}\nAlerts:\n  | {\"email_to\":\"a@b.c\"}\nFurther members:\n  | {", said, StringComparison.Ordinal);
        Assert.Contains("\"odd\":1", said, StringComparison.Ordinal);
        Assert.Contains("\"more\":1", said, StringComparison.Ordinal);
        Assert.Equal(["n", "t", "q", ""], new[] { """{"name":"n","table":"t"}""", """{"table":"t","query":"q"}""", """{"query":"q"}""", "{}" }.Select(task => JobQuestion.TaskName(Json(task))));
    }

    [Fact]
    public void An_allowed_host_is_exactly_that_place_of_that_server()
    {
        var host = new AllowedHost("https://one", "PostgreSQL", new Dictionary<string, string> { ["Server"] = "db.example", ["Database"] = "sales" }, ReadOnly: true);
        bool Leads(string connector, params (string, string)[] places) => host.Leads(connector, places.ToDictionary(pair => pair.Item1, pair => pair.Item2));

        Assert.True(Leads("postgresql", ("server", "DB.example"), ("Database", "sales")));
        Assert.False(Leads("PostgreSQL", ("Server", "db.example"), ("Database", "Sales")));
        Assert.False(Leads("PostgreSQL", ("Server", "db.example")));
        Assert.False(Leads("PostgreSQL", ("Server", "db.example"), ("Database", "sales"), ("Port", "1")));
        Assert.False(Leads("MySQL", ("Server", "db.example"), ("Database", "sales")));
        Assert.False((host with { Where = new Dictionary<string, string>() }).Leads("PostgreSQL", new Dictionary<string, string>()));
        Assert.Equal("PostgreSQL Database=sales; Server=db.example", host.Place);
        Assert.True(host.Leads(host with { ReadOnly = false }));
        Assert.False(host.Leads(host with { Server = "https://two" }));
    }

    [Fact]
    public async Task Many_things_are_read_a_few_at_once_and_in_their_order()
    {
        var (now, most) = (0, 0);
        var read = await AtOnce.ReadAsync(Enumerable.Range(0, 40).ToList(), async (i, ct) =>
        {
            var at = Interlocked.Increment(ref now);
            InterlockedMax(ref most, at);
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return i * 2;
        }, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 40).Select(i => i * 2), read);
        Assert.InRange(most, 1, AtOnce.Most);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref most)))
            Interlocked.CompareExchange(ref most, value, seen);
    }

    private static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();
}
