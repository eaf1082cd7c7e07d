using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>What the guard once let through or hid; each was found by reading it with hostile eyes.</summary>
public sealed class HoleTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_query_in_a_SyncAll_job_is_somebodys_work_and_counts()
    {
        var job = Job("""{"type": "SyncAll"}""");
        var before = job.Definition().Hash;
        job.Tasks[0]["table"] = "people";
        Assert.Equal(before, job.Definition().Hash); // the server's own task
        job.Tasks[0]["query"] = "REPLICATE [people] WITH DropTable=True";
        Assert.NotEqual(before, job.Definition().Hash);
    }

    [Theory]
    [InlineData("""{"events": {"on_error": "rm"}}""")]
    [InlineData("""{"events": {"on_error": {"run": "rm"}}}""")]
    public void A_script_of_an_unknown_kind_raises(string content) =>
        Assert.Contains(Raising.Of(Job(content)), said => said.Contains("unknown kind", StringComparison.Ordinal));

    [Fact]
    public void Members_that_nobody_knows_are_shown_before_they_are_approved()
    {
        var job = Job("""{"x_webhook": "https://elsewhere.example"}""");
        job.Tasks[0]["x_after"] = "call me";
        var question = RunQuestion.Text("Run?", [new(job, job.Definition(), Need.Phrase, Plain: false, [], [], null)]);
        Assert.Contains("https://elsewhere.example", question, StringComparison.Ordinal);
        Assert.Contains("call me", question, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\u202Eb")]
    [InlineData("a\u200Bb")]
    [InlineData("a\u0007b")]
    [InlineData("a\U000E0041b")] // tags: letters that only a model reads
    public void Hidden_characters_do_not_reach_a_question(string text) =>
        Assert.Equal("Head\nJob: \"ab\"", new QuestionText("Head").Fact("Job", text).ToString());

    [Fact]
    public void The_end_of_a_long_path_is_shown_or_the_question_is_too_long_for_the_chat()
    {
        string Question(int length) => new QuestionText("Head").Change("Place", "old", Endpoints.Describe(new()
        {
            ["connector"] = "SQLite",
            ["properties"] = new JsonObject { ["Data Source"] = new string('a', length) + "/end" },
        })).ToString();
        Assert.Contains("/end\"", Question(350), StringComparison.Ordinal);
        Assert.True(Question(5_000).Length > QuestionText.Longest);
    }

    [Fact]
    public void What_is_ours_in_a_refusal_is_not_marked_as_anothers()
    {
        string[] Marked(ToolException refusal) => [.. Answers.Content(refusal.Error, Outcome.NotExecuted)["untrusted"]!.AsArray().Select(pointer => pointer!.ToString())];
        Assert.Equal(["/details/question"], Marked(Refusals.AtTerminal("confirmation_unavailable", "why", "ABCD2345", "question")));
        Assert.Equal(["/details/question"], Marked(Refusals.TokenNeeded("cf_00", "question")));
    }

    [Fact]
    public void A_policy_that_says_two_things_allows_reads_alone()
    {
        Write("""{"mode": "guarded", "mode": "unattended"}""");
        Assert.Equal(Mode.ReadOnly, Policy.Of(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"] }).Mode);
    }

    [Fact]
    public void A_granted_code_is_worth_one_identical_call_within_ten_minutes()
    {
        var time = new FakeTimeProvider();
        var codes = new Codes(new(new(folder["operator"]), time));
        string Open() => codes.Open("call", "o", "t", "q", null, 10)!;
        Assert.True(codes.Grant(Open()));
        Assert.False(codes.UseGranted("another call"));
        Assert.True(codes.UseGranted("call"));
        Assert.False(codes.UseGranted("call"));
        Assert.True(codes.Grant(Open()));
        time.Advance(TimeSpan.FromMinutes(10.1));
        Assert.False(codes.UseGranted("call"));
    }

    [Fact]
    public async Task A_workspace_that_holds_something_protected_is_not_deleted()
    {
        Write("""{"protected": ["prod*"]}""");
        await using var session = await SyncSession.StartAsync(folder: folder);
        var workspace = (await session.CallAsync("create_workspace", new { name = "old" })).Ok().Id;
        await SmallShop.ConnectAsync(session, "prod files", "a.db", workspace);
        session.Person.Confirms();

        (await session.CallAsync("delete_workspace", new { workspace_id = workspace })).Refused("policy_denied").Naming("prod files");

        Assert.Empty(session.Person.Questions);
        (await session.CallAsync("get_workspace", new { workspace_id = workspace })).Ok();
    }

    [Theory]
    [InlineData("Data Source")]
    [InlineData("data source")]
    public async Task Another_file_for_an_armed_job_takes_the_phrase_whatever_the_spelling(string property)
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await Shop.DraftAsync(session);
        (await session.CallAsync("update_job", new { job_id = shop.Job, schedule = new { cron = "0 0 5 * * ?", enabled = true } })).Ok();
        var outside = Path.Combine(session.Options.OperatorFolder, "outside.db");

        (await session.CallAsync("update_connection", new JsonObject { ["connection_id"] = shop.Destination, ["properties"] = new JsonObject { [property] = outside } })).Refused("declined");

        var question = Assert.Single(session.Person.Questions);
        Assert.Contains("phrase", question.RequestedSchema!.Properties.Keys);
        Assert.Contains("outside.db", question.Message, StringComparison.Ordinal);
    }

    private static JobState Job(string more)
    {
        var job = new JsonObject { ["id"] = "j1", ["name"] = "copy", ["source_connection"] = new JsonObject { ["id"] = "a" }, ["destination_connection"] = new JsonObject { ["id"] = "b" } };
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject())
            job[name] = value?.DeepClone();
        return new() { Job = job, Tasks = [new() { ["id"] = "t1", ["table"] = "orders" }], Source = Connection("a"), Destination = Connection("b") };
    }

    private static JsonObject Connection(string id) => new() { ["id"] = id, ["connector"] = "SQLite", ["properties"] = new JsonObject { ["Data Source"] = $"{id}.db" } };

    private void Write(string policy) => File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder["operator"]).FullName, "policy.json"), policy);
}
