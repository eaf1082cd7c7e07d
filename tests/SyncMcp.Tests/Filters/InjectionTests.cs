using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Filters;

/// <summary>
/// Sixty texts that try to be more than data, each in every field that a third party can write: names, labels, logs, errors, properties and their names, tables,
/// SQL, states. None changes what a call needs, none stands anywhere but in quoted data, and nothing hidden leaves.
/// </summary>
public sealed class InjectionTests
{
    private const string Job = "22222222-0000-0000-0000-0000000000a1";
    private const string Crm = "22222222-0000-0000-0000-0000000000a2";
    private const string Copy = "22222222-0000-0000-0000-0000000000a3";
    private const string Net = "22222222-0000-0000-0000-0000000000a4";
    private const string Line = "22222222-0000-0000-0000-0000000000a5";
    private const string Report = "22222222-0000-0000-0000-0000000000a6";
    private const string Harmless = "Orders of the shop";

    // Found again wherever it went; what is put around it is the attack.
    private const string Mark = "q7Zx";
    private const int LongestAsked = 30;

    // Members of answers that are ours, in which nobody else's word may stand.
    private static readonly string[] Ours = ["outcome", "code", "message", "next", "next_cursor", "retryable", "total", "untrusted", "cut", "replayed", "unknown_fields"];

    // What is asked about: whatever the names say, these need what they need.
    private static readonly (string Tool, object Arguments)[] Guarded =
    [
        ("execute_job", new { job_id = Job }), ("execute_transformation", new { transformation_id = Net }), ("execute_pipeline", new { pipeline_id = Line }),
        ("delete_job", new { job_id = Job }), ("delete_job_task", new { job_id = Job, task_id = "22222222-0000-0000-0000-0000000000b1" }), ("delete_connection", new { connection_id = Crm }), ("delete_pipeline", new { pipeline_id = Line, pipeline_only = false }),
        ("reset_connection_credentials", new { connection_id = Crm }), ("update_connection", new { connection_id = Crm, properties = new { Server = "other.example" } }), ("update_job", new { job_id = Job, settings = new { drop_table = true } }),
        ("test_connection", new { connection_id = Crm }), ("delete_workspace", new { workspace_id = "22222222-0000-0000-0000-0000000000b9" }), ("cancel_job", new { job_id = Job }), ("delete_user", new { user_id = "22222222-0000-0000-0000-0000000000b8" }),
    ];

    private static readonly (string Tool, object Arguments)[] Reads =
    [
        ("list_workspaces", new { }), ("list_connections", new { fields = new[] { "*" } }), ("get_connection", new { connection_id = Crm }), ("list_connection_tables", new { connection_id = Copy }), ("list_table_columns", new { connection_id = Copy, table_name = "orders" }),
        ("list_connection_logs", new { connection_id = Crm }), ("list_jobs", new { fields = new[] { "*" } }), ("get_job", new { job_id = Job }), ("list_job_tasks", new { job_id = Job }), ("get_job_status", new { job_id = Job }), ("list_job_history", new { job_id = Job }),
        ("get_job_run", new { job_id = Job, history_id = "r" }), ("get_run_log", new { job_id = Job, history_id = "r" }), ("list_transformations", new { fields = new[] { "*" } }), ("list_transformation_tasks", new { transformation_id = Net }), ("list_pipelines", new { }), ("list_pipeline_steps", new { pipeline_id = Line }),
        ("get_event", new { pipeline_id = Line, event_id = Report }), ("list_users", new { }), ("get_job", new { job_id = "22222222-0000-0000-0000-00000000dead" }), ("get_job", new { job_id = "no such name" }), ("get_dependents", new { connection_id = Crm }),
    ];

    public static TheoryData<int> Sixths => [0, 1, 2, 3, 4, 5];

    [Fact]
    public void There_are_sixty() => Assert.Equal(60, Injections.All.Distinct(StringComparer.Ordinal).Count());

    [Theory]
    [MemberData(nameof(Sixths))]
    public async Task No_text_of_others_is_more_than_data(int sixth)
    {
        var needs = await NeedsAsync(Harmless.PadRight(LongestAsked + Mark.Length, 's'), []);
        Assert.Contains(needs.Needs, need => need.Contains("phrase", StringComparison.Ordinal));
        Assert.DoesNotContain(needs.Needs, need => need.Contains("unavailable", StringComparison.Ordinal) || need.Contains("throttled", StringComparison.Ordinal));
        var sentences = needs.Questions.SelectMany(Sentences).ToHashSet(StringComparer.Ordinal);
        foreach (var injection in Injections.All.Where((_, i) => i % 6 == sixth))
        {
            var answers = new List<ToolResult>();
            var text = $"{injection}{Mark}";
            // So short that no question is too long for the chat, which would be another reason to refuse.
            var found = await NeedsAsync($"{(injection.Length > LongestAsked ? injection[..LongestAsked] : injection)}{Mark}", answers);
            await ReadAsync(text, answers);

            // What looks like a secret is masked, and signs that JSON writes as six make a question too long: both take more and not less.
            var same = needs.Needs.Zip(found.Needs).All(pair => pair.First == pair.Second
                || (IsSpelledLonger(injection) && pair.Second.Contains("too long", StringComparison.Ordinal))
                || (LooksSecret(injection) && (pair.Second.Contains("looks like a secret", StringComparison.Ordinal) || pair.Second.Contains("throttled", StringComparison.Ordinal))));
            Assert.True(same, $"{injection}\n{string.Join('\n', needs.Needs)}\n--\n{string.Join('\n', found.Needs)}");
            foreach (var question in found.Questions)
            {
                Assert.All(Sentences(question), sentence => Assert.Contains(sentence, sentences));
                foreach (var line in question.Split('\n').Where(line => line.Contains(Mark, StringComparison.Ordinal)))
                    Assert.True(line.StartsWith("  | ", StringComparison.Ordinal) || IsQuoted(line), $"{injection}: {line}");
            }

            Assert.All(answers, answer => IsData(answer, injection));
        }
    }

    [Fact]
    public void A_clients_settings_put_no_sentence_into_the_instructions()
    {
        foreach (var injection in Injections.All)
        {
            var text = SyncMcp.Tools.Instructions.Of(new() { DataDirectory = "/d", OperatorFolder = "/o", Workspace = $"{injection}{Mark}" });
            // One word is a name, and quoted.
            Assert.Equal(IsWord(injection), text.Contains($"'{injection}{Mark}'", StringComparison.Ordinal));
            Assert.Equal(text.Contains($"'{injection}{Mark}'", StringComparison.Ordinal), text.Contains(Mark, StringComparison.Ordinal));
        }
    }

    private static bool IsSpelledLonger(string injection) => !injection.All(sign => sign is >= ' ' and < '\x7f' and not '"');

    private static bool LooksSecret(string injection) => injection.Contains("token", StringComparison.Ordinal) || injection.Contains("secret", StringComparison.Ordinal);

    // One word without a space is an id, a level or the name of a member, and no sentence.
    private static bool IsWord(string injection) => injection.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '_' or '-');

    // Every string with the mark lies below a pointer of `untrusted`; none in a member of ours; nothing hidden anywhere.
    private static void IsData(ToolResult answer, string injection)
    {
        foreach (var name in Ours.Where(name => name != "untrusted" || !IsWord(injection)))
            Assert.False(answer.Structured[name]?.ToJsonString().Contains(Mark, StringComparison.Ordinal) ?? false, $"{answer.Tool}: {injection} in {name}: {answer.Structured.ToJsonString()}");
        var pointers = (answer.Structured["untrusted"] as JsonArray ?? []).Select(pointer => pointer!.ToString()).ToList();
        foreach (var (at, text) in Texts(answer.Structured, ""))
        {
            if (text.Contains(Mark, StringComparison.Ordinal) && !at.StartsWith("/untrusted", StringComparison.Ordinal) && !(IsWord(injection) && at.Split('/')[^1] is "level" or "at" or "type" or "data_type" or "state" or "status"))
                Assert.True(pointers.Exists(pointer => Covers(pointer, at)), $"{answer.Tool}: {at} with {injection} is not told to be others' text: {string.Join(' ', pointers)}");
            Assert.False(Hides(text), $"{answer.Tool}: {at} hides something of {injection}");
        }

        // The heading of the text is ours alone.
        Assert.DoesNotContain(Mark, answer.Text[..Math.Max(0, answer.Text.IndexOf('{', StringComparison.Ordinal))], StringComparison.Ordinal);
    }

    private static bool Covers(string pointer, string at)
    {
        string[] of = pointer.Split('/'), stands = at.Split('/');
        return of.Length <= stands.Length && of.Zip(stands).All(pair => pair.First == "*" || pair.First == pair.Second);
    }

    private static IEnumerable<(string At, string Text)> Texts(JsonNode? node, string at) => node switch
    {
        JsonObject members => members.SelectMany(member => Texts(member.Value, $"{at}/{member.Key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}").Append((at, Hides(member.Key) ? member.Key : ""))),
        JsonArray items => items.SelectMany((item, i) => Texts(item, $"{at}/{i}")),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [(at, value.GetValue<string>())],
        _ => [],
    };

    private static bool Hides(string text) => text.EnumerateRunes().Any(sign => sign.Value is not ('\n' or '\t' or 0x200C or 0x200D)
        && (Rune.GetUnicodeCategory(sign) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || sign.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or (>= 0xFE00 and < 0xFE0F)));

    private static IEnumerable<string> Sentences(string question) => question.Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal) || (!line.StartsWith(' ') && !line.Contains('"', StringComparison.Ordinal)));

    // label: "…"  or  label: "…" -> "…"  or  label (2): "…", "…": the mark stands between a pair of quotes.
    private static bool IsQuoted(string line)
    {
        var inside = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
                inside = !inside;
            else if (!inside && line.AsSpan(i).StartsWith(Mark, StringComparison.Ordinal))
                return false;
        }

        return !inside;
    }

    private static async Task<(List<string> Needs, List<string> Questions)> NeedsAsync(string text, List<ToolResult> answers)
    {
        await using var server = await StubServer.StartAsync();
        Show(server, text);
        await using var session = await server.SessionAsync();
        var needs = new List<string>();
        foreach (var (tool, arguments) in Guarded)
        {
            var asked = session.Person.Questions.Count;
            session.Person.Accepts([]);
            var answer = await session.CallAsync(tool, arguments);
            answers.Add(answer);
            var form = session.Person.Questions.Skip(asked).Select(question => question.RequestedSchema!.Properties.Keys.Single()).FirstOrDefault() ?? "nothing";
            needs.Add($"{tool}: {form} {answer.Code}{(answer.Code == "confirmation_unavailable" ? answer.Structured["message"]!.ToString() + answer.Structured["details"]!["question"]!.ToString().Length : "")}");
        }

        Assert.DoesNotContain(server.Requests, request => request.StartsWith("DELETE", StringComparison.Ordinal) || request.EndsWith("/execute", StringComparison.Ordinal));
        return (needs, [.. session.Person.Questions.Select(question => question.Message)]);
    }

    private static async Task ReadAsync(string text, List<ToolResult> answers)
    {
        await using var server = await StubServer.StartAsync();
        Show(server, text);
        await using var session = await server.SessionAsync();
        foreach (var (tool, arguments) in Reads)
            answers.Add(await session.CallAsync(tool, arguments));
        var resources = await session.Client.ListResourcesAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(resources, resource =>
        {
            Assert.DoesNotContain(Mark, resource.Title ?? "", StringComparison.Ordinal);
            Assert.DoesNotContain(Mark, resource.Description ?? "", StringComparison.Ordinal);
            Assert.False(Hides(resource.Name));
        });
    }

    private static void Show(StubServer server, string text)
    {
        JsonObject With(JsonObject thing)
        {
            foreach (var name in (string[])["name", "state", "status", "triggered_by"])
                thing.TryAdd(name, text);
            thing["labels"] = new JsonArray(text);
            thing[text] = text;
            return thing;
        }

        JsonObject Place(string id) => With(new()
        {
            ["id"] = id,
            ["connector"] = "Oracle",
            ["workspace"] = new JsonObject { ["id"] = "default" },
            ["properties"] = new JsonObject { ["Server"] = "db.example", ["User"] = text, [text] = text, ["Password"] = "stored-1" },
        });
        JsonObject run = With(new() { ["id"] = "r", ["details"] = text, ["description"] = text, ["status"] = "Failed", ["started_at"] = "2026-01-01T00:00:00Z" });
        JsonObject job = With(new()
        {
            ["id"] = Job,
            ["source_connection"] = new JsonObject { ["id"] = Crm },
            ["destination_connection"] = new JsonObject { ["id"] = Copy },
            ["status"] = "Failed",
            ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" },
            ["settings"] = new JsonObject { ["other_options"] = text },
            ["events"] = new JsonObject { ["pre_job"] = text },
            ["last_run"] = run.DeepClone(),
        });
        JsonObject task = With(new() { ["id"] = "22222222-0000-0000-0000-0000000000b1", ["table"] = text });
        JsonObject net = With(new() { ["id"] = Net, ["status"] = "Failed", ["destination_connection"] = new JsonObject { ["id"] = Copy }, ["trigger"] = new JsonObject { ["type"] = "AfterJob", ["after_job"] = Job } });
        JsonObject pipeline = With(new() { ["id"] = Line, ["status"] = "Failed" });
        JsonObject script = With(new() { ["id"] = Report, ["script"] = text });
        JsonObject user = With(new() { ["id"] = "22222222-0000-0000-0000-0000000000b8", ["user"] = text, ["email_address"] = text });
        JsonObject space = With(new() { ["id"] = "22222222-0000-0000-0000-0000000000b9" });
        JsonObject Copied(JsonObject node) => node.DeepClone().AsObject();
        server.List("/workspaces", [With(new() { ["id"] = "default" }), space]).On("GET /workspaces/22222222-0000-0000-0000-0000000000b9", space).On("GET /workspaces/default", With(new() { ["id"] = "default" }))
            .List("/workspaces/default/connections", [Place(Crm), Place(Copy)]).On($"GET /connections/{Crm}", Place(Crm)).On($"GET /connections/{Copy}", Place(Copy))
            .List($"/connections/{Crm}/logs", [With(new() { ["size"] = 1 })]).List($"/connections/{Copy}/tables", [With(new() { ["type"] = text })]).List($"/connections/{Crm}/tables", [With([])])
            .List($"/connections/{Copy}/tables/orders/columns", [With(new() { ["data_type"] = text })])
            .List("/workspaces/default/jobs", [Copied(job)]).On($"GET /jobs/{Job}", Copied(job)).List($"/jobs/{Job}/tasks", [task]).On($"GET /jobs/{Job}/tasks/22222222-0000-0000-0000-0000000000b1", Copied(task))
            .On($"GET /jobs/{Job}/status", Copied(run)).List($"/jobs/{Job}/history", [Copied(run)]).On($"GET /jobs/{Job}/history/r", Copied(run))
            .On($"GET /jobs/{Job}/history/r/log", new JsonObject { ["total"] = 2, ["last"] = 2, ["lines"] = new JsonArray(new JsonObject { ["line"] = 1, ["level"] = text, ["at"] = text, ["text"] = text }, new JsonObject { ["line"] = 2, ["text"] = text }) })
            .On("GET /jobs/22222222-0000-0000-0000-00000000dead", new JsonObject { ["error"] = new JsonObject { ["code"] = text, ["message"] = text } }, 409)
            .List("/workspaces/default/transformations", [Copied(net)]).On($"GET /transformations/{Net}", Copied(net)).List($"/transformations/{Net}/tasks", [With(new() { ["id"] = "s", ["query"] = text })])
            .List("/workspaces/default/pipelines", [Copied(pipeline)]).On($"GET /pipelines/{Line}", Copied(pipeline)).On($"GET /pipelines/{Line}/status", Copied(run))
            .List($"/pipelines/{Line}/steps", [With(new() { ["id"] = "2", ["type"] = "Event", ["entity"] = new JsonObject { ["id"] = Report, ["name"] = text } })])
            .List($"/pipelines/{Line}/events", [Copied(script)]).On($"GET /pipelines/{Line}/events/{Report}", Copied(script))
            .List("/users", [Copied(user)]).On("GET /users/22222222-0000-0000-0000-0000000000b8", Copied(user));
    }
}
