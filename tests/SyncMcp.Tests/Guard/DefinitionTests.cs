using System.Text.Json.Nodes;
using CsCheck;
using SyncMcp.Guard;

namespace SyncMcp.Tests.Guard;

/// <summary>What counts as the same definition, what makes a consent typed, and what is armed.</summary>
public sealed class DefinitionTests
{
    private static readonly Gen<JsonObject> Thing = Gen.Dictionary(Gen.String[Gen.Char['a', 'f'], 1, 4], Gen.OneOf(
        Gen.Int.Select(number => $"{number}"), Gen.Bool.Select(yes => yes ? "true" : "false"), Gen.String.Select(text => JsonValue.Create(text.Replace('\uFFFD', '?')).ToJsonString()), Gen.Const("[1,\"a\"]")))[1, 6]
        .Select(members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, JsonNode.Parse(member.Value)))));

    [Fact]
    public void The_order_of_members_does_not_count() => Gen.Select(Thing, Gen.Int).Sample((thing, seed) =>
    {
        var members = thing.DeepClone().AsObject().ToList();
        new Random(seed).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(members));
        var shuffled = new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        return Canonical.Of(thing) == Canonical.Of(shuffled);
    }, iter: 300);

    [Fact]
    public void Any_unknown_member_of_a_job_or_a_task_counts() => Gen.Select(Gen.String[Gen.Char['a', 'z'], 6, 12], Gen.Int).Sample((name, value) =>
    {
        var plain = Job().Definition().Hash;
        var job = Job();
        job.Job[$"x_{name}"] = value;
        var task = Job();
        task.Tasks[0][$"x_{name}"] = value;
        return job.Definition().Hash != plain && task.Definition().Hash != plain && job.Definition().Hash != task.Definition().Hash;
    }, iter: 200);

    [Theory]
    [InlineData("name", "\"other\"")]
    [InlineData("labels", "[\"a\"]")]
    [InlineData("status", "\"Successful\"")]
    [InlineData("updated_at", "\"2026-01-01T00:00:00Z\"")]
    public void Names_labels_and_what_the_server_sets_do_not_count(string member, string value)
    {
        var job = Job();
        job.Job[member] = JsonNode.Parse(value);
        Assert.Equal(Job().Definition().Hash, job.Definition().Hash);
    }

    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("1e2", "100", true)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("true", "\"true\"", false)]
    [InlineData("[1,2]", "[2,1]", false)]
    [InlineData("{\"a\":null}", "{}", true)]
    public void Values_are_compared_by_what_they_mean(string one, string other, bool same) =>
        Assert.Equal(same, Canonical.Of(JsonNode.Parse(one)) == Canonical.Of(JsonNode.Parse(other)));

    [Fact]
    public void Borders_of_hashed_parts_count() => Assert.NotEqual(Canonical.Hash("ab", "c"), Canonical.Hash("a", "bc"));

    [Theory]
    [InlineData("""{"enabled": true}""", true)]
    [InlineData("""{"enabled": false}""", false)]
    [InlineData("""{"cron": "0 0 5 * * ?"}""", false)]
    [InlineData("""{"enabled": "TRUE"}""", true)]
    [InlineData("""{"enabled": 1}""", true)]
    [InlineData("""{"enabled": "yes"}""", true)]
    [InlineData("\"0 0 5 * * ?\"", true)]
    [InlineData("null", false)]
    public void A_schedule_that_cannot_be_read_counts_as_armed(string schedule, bool armed)
    {
        var job = Job();
        job.Job["schedule"] = JsonNode.Parse(schedule);
        Assert.Equal(armed, job.IsArmed);
    }

    [Theory]
    [InlineData("""{}""", null)]
    [InlineData("""{"type": "ReverseETL"}""", "ReverseETL")]
    [InlineData("""{"type": "standard"}""", "unknown")]
    [InlineData("""{"events": {"pre_job": "<api:x/>"}}""", "before the job")]
    [InlineData("""{"events": {"post_job": {"a": 1}}}""", "after the job")]
    [InlineData("""{"events": {"on_error": "rm"}}""", "unknown kind")]
    [InlineData("""{"events": ["rm"]}""", "cannot be read")]
    [InlineData("""{"settings": {"drop_table": true}}""", "DROPPED")]
    [InlineData("""{"settings": {"truncate_table_data": true}}""", "DELETED")]
    [InlineData("""{"settings": {"skip_deleted": false}}""", "skip_deleted")]
    [InlineData("""{"settings": {"other_options": "A=1"}}""", "other_options")]
    [InlineData("""{"settings": {"drop_table": [1]}}""", "cannot be read")]
    [InlineData("""{"settings": "odd"}""", "cannot be read")]
    [InlineData("""{"query": "REPLICATE [orders] WITH DropTable=True"}""", "DROPPED")]
    [InlineData("""{"query": "REPLICATE [orders]; DROP TABLE x"}""", "cannot be read")]
    [InlineData("""{"query": "DELETE FROM orders"}""", "cannot be read")]
    public void What_can_destroy_or_run_something_raises(string content, string? words)
    {
        var job = Job();
        foreach (var (name, value) in JsonNode.Parse(content)!.AsObject())
            (name == "query" ? job.Tasks[0] : job.Job)[name] = value?.DeepClone();
        var found = Raising.Of(job);
        if (words is null)
            Assert.Empty(found);
        else
            Assert.Contains(found, said => said.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{}""", null)]
    [InlineData("""{"type": "LoadFolder"}""", null)]
    [InlineData("""{"type": "ChangeDataCapture"}""", "type")]
    [InlineData("""{"type": "SyncAll", "schedule": {"enabled": true}}""", "SyncAll")]
    [InlineData("""{"x_new": 1}""", "does not know")]
    [InlineData("""{"settings": {"x_new": 1}}""", "does not know")]
    [InlineData("""{"settings": {"drop_table": true}}""", "destroy")]
    public void Plain_is_little(string content, string? words)
    {
        var job = Job();
        foreach (var (name, value) in JsonNode.Parse(content)!.AsObject())
            job.Job[name] = value?.DeepClone();
        Check(new() { Job = job, EndpointsAllowed = true, Existing = [] }, words);
    }

    [Fact]
    public void Plain_needs_allowed_places_and_absent_tables()
    {
        Check(new() { Job = Job(), EndpointsAllowed = false, Existing = [] }, "not allowed");
        Check(new() { Job = Job(), EndpointsAllowed = true, Existing = null }, "not known");
        Check(new() { Job = Job(), EndpointsAllowed = true, Existing = [new("ORDERS", null)] }, "exist already");
        Check(new() { Job = Job(), EndpointsAllowed = true, Existing = [new("orders", "another")] }, "exist already");
        Check(new() { Job = Job(), EndpointsAllowed = true, Existing = [new("orders", "j1")] }, null);
        var prefixed = Job();
        prefixed.Job["settings"] = new JsonObject { ["table_name_prefix"] = "x_" };
        Check(new() { Job = prefixed, EndpointsAllowed = true, Existing = [new("X_Orders", null)] }, "exist already");
    }

    [Fact]
    public void After_its_first_run_a_schedule_stays_plain_and_other_changes_do_not()
    {
        var ran = new Approval(Job().Definition(), Job().Definition().Hash, "plain", "p", DateTimeOffset.UnixEpoch);
        var scheduled = Job();
        scheduled.Job["schedule"] = new JsonObject { ["enabled"] = true };
        Check(new() { Job = scheduled, EndpointsAllowed = true, Existing = [], Approved = ran }, null);
        var set = Job();
        set.Job["settings"] = new JsonObject { ["batch_size"] = 5 };
        Check(new() { Job = set, EndpointsAllowed = true, Existing = [], Approved = ran }, "changed");
        Check(new() { Job = Job(), EndpointsAllowed = true, Existing = [], Approved = ran with { How = "chat" } }, "approved another");
    }

    [Fact]
    public void A_query_in_a_SyncAll_job_is_somebodys_work_and_counts()
    {
        var job = Job();
        job.Job["type"] = "SyncAll";
        var before = job.Definition().Hash;
        job.Tasks[0]["table"] = "people";
        Assert.Equal(before, job.Definition().Hash); // the server's own task
        job.Tasks[0]["query"] = "REPLICATE [people] WITH DropTable=True";
        Assert.NotEqual(before, job.Definition().Hash);
    }

    private static void Check(PlainFacts facts, string? words)
    {
        var why = Plain.WhyNot(facts);
        if (words is null)
            Assert.Null(why);
        else
            Assert.Contains(words, why, StringComparison.Ordinal);
    }

    private static JobState Job() => new()
    {
        Job = new() { ["id"] = "j1", ["name"] = "copy", ["source_connection"] = new JsonObject { ["id"] = "a" }, ["destination_connection"] = new JsonObject { ["id"] = "b" } },
        Tasks = [new() { ["id"] = "t1", ["table"] = "orders" }],
        Source = Connection("a"),
        Destination = Connection("b"),
    };

    private static JsonObject Connection(string id) => new() { ["id"] = id, ["connector"] = "SQLite", ["properties"] = new JsonObject { ["Data Source"] = $"{id}.db" } };
}
