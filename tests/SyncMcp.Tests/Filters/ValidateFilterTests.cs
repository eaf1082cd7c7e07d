using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp.Tests.Filters;

public sealed class ValidateFilterTests
{
    [Fact]
    public void An_unknown_argument_is_told_with_the_nearest_name()
    {
        var error = Refused("get_run_log", """{"job_id":"a","history_id":"b","tial":5}""");

        Assert.Equal("`tial` is an unknown argument; did you mean `tail`?", error.Message);
        Assert.Equal("tail", (string)Problem(error)["nearest"]!);
    }

    [Fact]
    public void An_argument_that_stands_one_level_too_high_is_told_where_it_belongs() =>
        Assert.Equal("settings.table_name_prefix", (string)Problem(Refused("update_job", """{"job_id":"a","table_name_prefix":"x"}"""))["nearest"]!);

    [Fact]
    public void An_unknown_inner_member_is_told_with_its_path()
    {
        var problem = Problem(Refused("update_job", """{"job_id":"a","settings":{"dropp_table":true}}"""));

        Assert.Equal("settings.dropp_table", (string)problem["path"]!);
        Assert.Equal("settings.drop_table", $"settings.{problem["nearest"]}");
    }

    [Theory]
    [InlineData("get_job", """{}""", "`job_id` is missing")]
    [InlineData("get_job", """{"job_id":null}""", "`job_id` is missing")]
    [InlineData("get_job", """{"job_id":""}""", "`job_id` must not be empty")]
    [InlineData("get_job", """{"job_id":"  "}""", "`job_id` must not be empty")]
    [InlineData("get_job", """{"job_id":true}""", "`job_id` must be text")]
    [InlineData("get_job", """{"job_id":["a"]}""", "`job_id` must be text")]
    [InlineData("get_run_log", """{"job_id":"a","history_id":"b","tail":0}""", "`tail` must be from 1 to 1000")]
    [InlineData("get_run_log", """{"job_id":"a","history_id":"b","tail":"many"}""", "`tail` must be a whole number")]
    [InlineData("get_run_log", """{"job_id":"a","history_id":"b","tail":1.5}""", "`tail` must be a whole number")]
    [InlineData("get_run_log", """{"job_id":"a","history_id":"b","after":-1}""", "`after` must be 0 at least")]
    [InlineData("list_jobs", """{"limit":201}""", "`limit` must be from 1 to 200")]
    [InlineData("list_jobs", """{"limit":1e400}""", "`limit` must be a whole number")]
    [InlineData("list_jobs", """{"fields":"id"}""", "`fields` must be a list, [...]")]
    [InlineData("list_jobs", """{"fields":[1,{}]}""", "`fields[1]` must be text")]
    [InlineData("update_job", """{"job_id":"x","schedule":"0 2 * * *"}""", "`schedule` must be an object with enabled, cron")]
    [InlineData("create_job", """{"name":"x","source_connection":{"id":"a","nam":"c"},"destination_connection":"b"}""", "`source_connection.nam` is an unknown argument; known are: id, name")]
    [InlineData("update_job_task", """{"job_id":"a","task_id":"b","enabled":"yes"}""", "`enabled` must be true or false")]
    [InlineData("list_job_history", """{"job_id":"a","started_after":"yesterday"}""", "`started_after` must be a date or time as 2026-01-31 or 2026-01-31T08:00:00Z")]
    [InlineData("list_workspaces", """{"name":"x"}""", "`name` is an unknown argument; known are: fields, limit, cursor")]
    [InlineData("execute_job", """{"job_id":"a","confirmation_token":"x"}""", "`confirmation_token` is an unknown argument; known are: job_id, task_ids, full_refresh, idempotency_key")]
    [InlineData("execute_job", """{"job_id":"a","idempotency_key":"a b"}""", "`idempotency_key` must be 1 to 200 letters, digits and signs without spaces")]
    [InlineData("execute_job", """{"job_id":"a","idempotency_key":"schlüssel"}""", "`idempotency_key` must be 1 to 200 letters, digits and signs without spaces")]
    public void What_is_wrong_is_said_in_words(string tool, string arguments, string message) => Assert.Equal(message, Refused(tool, arguments).Message);

    [Fact]
    public void A_word_that_is_not_allowed_is_answered_with_those_that_are()
    {
        var problem = Problem(Refused("list_connection_tables", """{"connection_id":"a","kind":"TABEL"}"""));

        Assert.Equal(["TABLES", "VIEWS", "ALL"], problem["allowed"]!.AsArray().Select(word => (string)word!));
        Assert.Equal("TABLES", (string)problem["nearest"]!);
    }

    [Fact]
    public void All_problems_are_told_in_one_answer_but_at_most_ten()
    {
        Assert.Equal(3, Refused("get_run_log", """{"histry_id":"b","tail":0}""").Details!["problems"]!.AsArray().Count(problem => (string)problem!["path"]! != "job_id"));

        var many = new JsonObject(Enumerable.Range(0, 500).Select(i => KeyValuePair.Create($"wrong{i}", (JsonNode?)i)));
        var error = Refused("get_job", many.ToJsonString());
        Assert.Equal(10, error.Details!["problems"]!.AsArray().Count);
        Assert.True((bool)error.Details["more"]!);
    }

    [Theory]
    [InlineData("get_run_log", """{"job_id":"a","history_id":"b","tail":"12"}""", "tail", "12")]
    [InlineData("get_run_log", """{"job_id":"a","history_id":"b","tail":12.0}""", "tail", "12")]
    [InlineData("get_run_log", """{"job_id":17,"history_id":9007199254740993}""", "history_id", "\"9007199254740993\"")]
    [InlineData("execute_job", """{"job_id":"a","full_refresh":"True"}""", "full_refresh", "true")]
    [InlineData("execute_job", """{"job_id":"a","task_ids":"[\"x\",\"y\"]"}""", "task_ids", """["x","y"]""")]
    [InlineData("update_job", """{"job_id":"a","settings":" {\"batch_size\":\"500\",\"drop_table\":\"false\"}"}""", "settings", """{"batch_size":500,"drop_table":false}""")]
    [InlineData("update_job", """{"job_id":"a","settings":{"verbosity":"verbose"}}""", "settings", """{"verbosity":"Verbose"}""")]
    [InlineData("update_job", """{"job_id":"a","source_connection":{"name":"Shop"}}""", "source_connection", "\"Shop\"")]
    [InlineData("update_job", """{"job_id":"a","source_connection":"{\"id\":\"x\"}"}""", "source_connection", "\"x\"")]
    [InlineData("update_job", """{"job_id":"a","source_connection":"{Shop}"}""", "source_connection", "\"{Shop}\"")]
    [InlineData("update_connection", """{"connection_id":"a","properties":{"Data Source":"x","Timeout":5,"Old":null}}""", "properties", """{"Data Source":"x","Timeout":"5","Old":null}""")]
    [InlineData("list_job_history", """{"job_id":"a","started_after":"2026-01-31"}""", "started_after", "\"2026-01-31T00:00:00+00:00\"")]
    [InlineData("list_job_history", """{"job_id":"a","started_after":"2026-01-31 08:30"}""", "started_after", "\"2026-01-31T08:30:00+00:00\"")]
    public void What_a_client_wrote_as_text_becomes_what_the_schema_wants(string tool, string arguments, string member, string expected) =>
        Assert.Equal(expected, Checked(tool, arguments).Arguments[member]!.ToJsonString(Budget.Json));

    [Fact]
    public void Null_clears_in_an_update_and_means_absent_elsewhere()
    {
        Assert.True(Checked("update_job", """{"job_id":"a","labels":null}""").Arguments.ContainsKey("labels"));
        Assert.False(Checked("list_jobs", """{"workspace_id":null}""").Arguments.ContainsKey("workspace_id"));
    }

    [Fact]
    public void Control_arguments_are_taken_out()
    {
        var call = Checked("list_jobs", """{"workspace_id":"w","fields":["*"],"limit":"5","cursor":"c"}""");
        var removal = Checked("cancel_job", """{"job_id":"a","confirmation_token":"t"}""");

        Assert.Equal(["workspace_id"], call.Arguments.Select(member => member.Key));
        Assert.Equal(["*"], call.Controls.Fields!);
        Assert.Equal((5, "c"), (call.Controls.Limit, call.Controls.Cursor));
        Assert.Equal("t", removal.Controls.ConfirmationToken);
        Assert.Equal(["job_id"], removal.Arguments.Select(member => member.Key));
    }

    [Theory]
    [InlineData("""{"job_id":"\ud800"}""")]
    [InlineData("""{"job_id":{"id":1,"id":2}}""")]
    public void What_is_no_readable_text_is_refused_and_not_thrown(string arguments) =>
        Assert.Contains("given twice, or text that is not Unicode", Refused("get_job", arguments).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("name", "`name` has more than 200 characters")]
    [InlineData("settings", "`settings` has more than 100000 characters")]
    [InlineData("labels", "`labels` has more than 100000 characters")]
    public void A_text_of_ten_megabytes_is_refused_at_once(string member, string message)
    {
        var arguments = new JsonObject { ["job_id"] = "a", [member] = new string('[', 10_000_000) };
        var call = new Call { Mcp = null!, Tool = "update_job", Endpoint = Catalogue.Find("update_job"), Arguments = arguments };
        var started = Stopwatch.GetTimestamp();

        var error = Assert.Throws<ToolException>(() => ValidateFilter.Check(call)).Error;

        Assert.Equal(message, error.Message);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 0, 500);
    }

    [Fact]
    public void A_name_of_ten_megabytes_is_cut_in_the_answer() =>
        Assert.InRange(Refused("get_job", $$"""{"job_id":"a","{{new string('x', 10_000_000)}}":1}""").Message.Length, 1, 500);

    [Fact]
    public void Values_are_never_repeated_in_an_error() =>
        Assert.DoesNotContain("hunter2", JsonSerializer.Serialize(Refused("update_job_task", """{"job_id":"a","task_id":"b","enabled":"hunter2","nam":"hunter2"}""")), StringComparison.Ordinal);

    internal static Call Checked(string tool, string arguments)
    {
        var (read, unreadable) = ArgumentReader.Read(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(arguments));
        var call = new Call { Mcp = null!, Tool = tool, Endpoint = Catalogue.Find(tool), Arguments = read, Unreadable = unreadable };
        ValidateFilter.Check(call);
        return call;
    }

    private static ToolError Refused(string tool, string arguments)
    {
        var error = Assert.Throws<ToolException>(() => Checked(tool, arguments)).Error;
        Assert.Equal("invalid_arguments", error.Code);
        return error;
    }

    private static JsonObject Problem(ToolError error) => Assert.Single(error.Details!["problems"]!.AsArray())!.AsObject();
}
