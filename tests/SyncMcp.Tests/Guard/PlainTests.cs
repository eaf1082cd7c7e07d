using System.Text.Json.Nodes;
using SyncMcp.Guard;

namespace SyncMcp.Tests.Guard;

/// <summary>Which definitions need no approval (contracts.md "Guard"): the table of what is plain, and of each thing that ends it.</summary>
public sealed class PlainTests
{
    private const string Schedule = """{"enabled":true,"cron":"0 0 2 * * *"}""";

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"type":"LoadFolder"}""")]
    [InlineData("""{"type":"SyncAll"}""")]
    [InlineData($$"""{"schedule":{{Schedule}}}""")]
    [InlineData("""{"settings":{"batch_size":100,"table_name_prefix":"x_","skip_deleted":true,"drop_table":false}}""")]
    [InlineData("""{"events":{"pre_job":"","post_job":null}}""")]
    public void A_copy_between_allowed_places_into_absent_tables_is_plain(string members) => Assert.Null(WhyNot(Job(members)));

    [Theory]
    [InlineData("""{"type":"ReverseETL"}""")]
    [InlineData("""{"type":"ChangeDataCapture"}""")]
    [InlineData("""{"type":"Unheard"}""")]
    [InlineData($$"""{"type":"SyncAll","schedule":{{Schedule}}}""")]
    [InlineData("""{"settings":{"drop_table":true}}""")]
    [InlineData("""{"settings":{"truncate_table_data":true}}""")]
    [InlineData("""{"settings":{"skip_deleted":false}}""")]
    [InlineData("""{"settings":{"other_options":"a=b"}}""")]
    [InlineData("""{"settings":{"unheard":1}}""")]
    [InlineData("""{"settings":"unreadable"}""")]
    [InlineData("""{"events":{"pre_job":"x"}}""")]
    [InlineData("""{"events":{"post_job":{"file":"x"}}}""")]
    [InlineData("""{"unheard":{"of":true}}""")]
    public void Raising_or_unknown_content_is_not_plain(string members) => Assert.NotNull(WhyNot(Job(members)));

    [Theory]
    [InlineData("REPLICATE [copy_of_people] SELECT [id], [name] FROM [people] WHERE [id] > 5", true)]
    [InlineData("REPLICATE [x] WITH DropTable=true SELECT * FROM [people]", false)]
    [InlineData("REPLICATE [x] WITH TruncateTable=true SELECT * FROM [people]", false)]
    [InlineData("DROP TABLE people", false)]
    public void A_query_is_plain_where_it_can_be_read_and_destroys_nothing(string query, bool plain) =>
        Assert.Equal(plain, WhyNot(Jobs.Of(query: query)) is null);

    [Fact]
    public void A_place_that_is_not_allowed_is_not_plain() => Assert.NotNull(WhyNot(Job("{}"), allowed: false));

    [Fact]
    public void Tables_that_nobody_may_look_at_yet_are_not_plain() =>
        Assert.NotNull(Plain.WhyNot(new() { Job = Job("{}"), EndpointsAllowed = true, Existing = null }));

    [Theory]
    [InlineData("orders", null, false)]
    [InlineData("ORDERS", null, false)] // tables are told apart without case
    [InlineData("orders", "another", false)]
    [InlineData("orders", "j", true)]
    [InlineData("people", null, true)]
    public void A_table_that_exists_is_its_own_or_the_job_is_not_plain(string table, string? madeBy, bool plain) =>
        Assert.Equal(plain, WhyNot(Job("{}"), [new(table, madeBy)]) is null);

    [Theory]
    [InlineData("anything", false)]
    [InlineData("X_anything", false)]
    [InlineData("anything", true, "x_")]
    [InlineData("X_anything", false, "x_")]
    public void Whatever_exists_may_be_what_a_SyncAll_job_writes_unless_its_prefix_says_no(string table, bool plain, string prefix = "") =>
        Assert.Equal(plain, WhyNot(Job($$$"""{"type":"SyncAll","settings":{"table_name_prefix":"{{{prefix}}}"}}"""), [new(table, null)]) is null);

    [Fact]
    public void The_prefix_decides_which_table_is_meant()
    {
        var job = Job("""{"settings":{"table_name_prefix":"x_"}}""");

        Assert.NotNull(WhyNot(job, [new("x_orders", null)]));
        Assert.Null(WhyNot(job, [new("orders", null)]));
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("terminal")]
    [InlineData("baseline")]
    public void What_a_person_approved_otherwise_is_never_plain(string how) => Assert.NotNull(WhyNot(Job("{}"), approved: Jobs.Approved(Job("""{"type":"LoadFolder"}"""), how)));

    [Theory]
    [InlineData($$"""{"schedule":{{Schedule}}}""", true)]
    [InlineData("""{"name":"new"}""", true)]
    [InlineData("""{"settings":{"batch_size":5}}""", false)]
    [InlineData("""{"alerts":{"send_email":true,"email_to":"a@b.c"}}""", false)]
    public void After_its_first_run_only_a_schedule_stays_plain(string change, bool plain) =>
        Assert.Equal(plain, WhyNot(Job(change), [new("orders", "j")], Jobs.Approved(Job("{}"), "plain")) is null);

    [Fact]
    public void After_its_first_run_a_task_into_an_absent_table_stays_plain_and_no_other()
    {
        var ran = Jobs.Approved(Jobs.Of(), "plain");
        ExistingTable own = new("orders", "j");

        Assert.Null(WhyNot(Jobs.Of(tasks: ["orders", "people"]), [own], ran));
        Assert.NotNull(WhyNot(Jobs.Of(tasks: ["orders", "people"]), [own, new("people", "j")], ran)); // it exists, though it is its own
        Assert.NotNull(WhyNot(Jobs.Of(tasks: ["people"]), [own], ran)); // a task is gone
        Assert.NotNull(WhyNot(Jobs.Of(query: "REPLICATE [orders] SELECT * FROM [people]"), [own], ran)); // over what the first has written
    }

    [Fact]
    public void After_its_first_run_another_connection_asks()
    {
        var ran = Jobs.Approved(Jobs.Of(), "plain");

        Assert.NotNull(WhyNot(Jobs.Of() with { Destination = Jobs.Connection("d", "else.db") }, approved: ran));
        Assert.NotNull(WhyNot(Jobs.Of() with { Source = Jobs.Connection("s2", "shop.db") }, [new("orders", "j")], ran));
    }

    [Fact]
    public void What_a_first_run_that_failed_has_not_written_may_be_mended()
    {
        var ran = Jobs.Approved(Jobs.Of(query: "REPLICATE [people] SELECT * FROM [poeple]"), "plain");
        var mended = Jobs.Of(query: "REPLICATE [people] SELECT * FROM [people]");
        ExistingTable orders = new("orders", "j");

        Assert.Null(WhyNot(mended, [], ran));
        Assert.Null(WhyNot(mended, [orders], ran)); // the other task has written, this one has not
        Assert.Null(WhyNot(Jobs.Of(job => job["settings"] = new JsonObject { ["batch_size"] = 5 }), [], ran));
        Assert.NotNull(WhyNot(mended, [orders, new("people", "j")], ran));
        Assert.NotNull(WhyNot(mended, [new("people", "another")], ran));
        Assert.NotNull(WhyNot(Jobs.Of(query: "REPLICATE [people] WITH DropTable=true SELECT * FROM [people]"), [], ran));
        // what it wrote stands under the names of then
        Assert.NotNull(WhyNot(Job("""{"settings":{"table_name_prefix":"x_"}}"""), [orders], Jobs.Approved(Job("{}"), "plain")));
        Assert.NotNull(WhyNot(Job("""{"settings":{"destination_schema":"other"}}"""), [], Jobs.Approved(Job("{}"), "plain")));
    }

    [Fact]
    public void What_only_compares_writes_nothing()
    {
        ExistingTable[] there = [new("orders", "j"), new("people", "another")];
        Assert.Null(WhyNot(Jobs.Of(query: "CHECKCACHE [people] AGAINST [people]"), there));
        Assert.Null(WhyNot(Jobs.Of(query: "CHECKCACHE [orders] AGAINST [orders]"), there, Jobs.Approved(Jobs.Of(), "plain")));
        Assert.NotNull(WhyNot(Jobs.Of(query: "CHECKCACHE [people] AGAINST [people] WITH REPAIR"), there));
        Assert.NotNull(WhyNot(Jobs.Of(query: "CHECKCACHE [people] AGAINST [people] WITH REPAIR SKIP DELETED"), there));
    }

    private static JobState Job(string members) => Jobs.Of(job =>
    {
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject())
            job[name] = value?.DeepClone();
    });

    private static string? WhyNot(JobState job, ExistingTable[]? existing = null, Approval? approved = null, bool allowed = true) =>
        Plain.WhyNot(new() { Job = job, EndpointsAllowed = allowed, Existing = existing ?? [], Approved = approved });
}
