using System.Text.Json.Nodes;

namespace SyncMcp.Tests.Guard.Table;

/// <summary>What a call needs, in one word: nothing, a yes, a yes that a two-step token may stand for, or a typed phrase.</summary>
internal enum Needs
{
    Nothing,
    Yes,
    Part,
    Phrase,
}

/// <summary>One operation with arguments, and what guards.md says that it needs in each state.</summary>
/// <param name="Tool">Its tool.</param>
/// <param name="Arguments">Arguments in a state.</param>
/// <param name="Needs">What it needs in a state, in guarded mode.</param>
internal sealed record Rule(string Tool, Func<State, JsonObject> Arguments, Func<State, Needs> Needs)
{
    private static readonly JsonObject Daily = new() { ["enabled"] = true, ["cron"] = "0 0 2 1 1 *" };

    /// <summary>All operations that change something.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. Workspaces(), .. Connections(), .. Jobs(), .. Transformations(), .. Pipelines(), .. Events(), .. Users(),
    ];

    /// <summary>In a mode where nobody watches, stopping and deleting parts pass, and what is plain does not.</summary>
    public Needs In(Mode mode, State state) => (mode, Needs(state)) switch
    {
        (Mode.Unattended, Table.Needs.Part) => Table.Needs.Nothing,
        (Mode.Unattended, Table.Needs.Nothing) when (Tool == "execute_job" && state == State.Plain) || (Tool == "create_job" && state == State.Armed) => Table.Needs.Yes,
        (_, var needs) => needs,
    };

    private static bool RunsByItself(State state) => state is State.Armed or State.Unreadable;

    // Changes: drafting is free; armed, the definition that is left behind must be approved, and what cannot be read raises.
    private static Func<State, Needs> Armed(Needs armed, Needs unreadable, Needs draft = Table.Needs.Nothing) =>
        state => state switch { State.Armed => armed, State.Unreadable => unreadable, _ => draft };

    private static Func<State, Needs> Always(Needs needs) => _ => needs;

    private static Func<State, JsonObject> Of(params (string Name, JsonNode Value)[] members) => _ => new(members.Select(member => KeyValuePair.Create(member.Name, (JsonNode?)member.Value.DeepClone())));

    private static JsonObject Parsed(string arguments) => JsonNode.Parse(arguments)!.AsObject();

    private static Rule[] Workspaces() =>
    [
        new("create_workspace", Of(("name", "new")), Always(Table.Needs.Nothing)),
        new("update_workspace", Of(("workspace_id", World.Workspace), ("name", "new")), Always(Table.Needs.Nothing)),
        new("delete_workspace", Of(("workspace_id", World.Workspace)), Always(Table.Needs.Phrase)),
    ];

    private static Rule[] Connections() =>
    [
        new("create_connection", Of(("name", "new"), ("connector", "Oracle"), ("properties", new JsonObject { ["Server"] = "else.example" })), Always(Table.Needs.Nothing)),
        // another place for what runs by itself is a new endpoint
        new("update_connection", Of(("connection_id", World.Place), ("properties", new JsonObject { ["Server"] = "else.example", ["Password"] = "anew" })), Armed(Table.Needs.Phrase, Table.Needs.Phrase)),
        new("delete_connection", Of(("connection_id", World.Place)), Always(Table.Needs.Phrase)),
        new("reset_connection_credentials", Of(("connection_id", World.Place)), Always(Table.Needs.Phrase)),
        // first contact with a place that no approved definition uses
        new("test_connection", Of(("connection_id", World.Place)), state => state is State.Draft or State.Unreadable ? Table.Needs.Yes : Table.Needs.Nothing),
    ];

    private static Rule[] Jobs() =>
    [
        new("create_job", Starting("""{"name":"new","source_connection":"SOURCE","destination_connection":"PLACE"}""", "schedule", Daily), Armed(Table.Needs.Nothing, Table.Needs.Phrase)),
        new("update_job", Of(("job_id", World.Job), ("settings", new JsonObject { ["batch_size"] = 3 })), Armed(Table.Needs.Yes, Table.Needs.Phrase)),
        new("delete_job", Of(("job_id", World.Job)), Always(Table.Needs.Phrase)),
        new("execute_job", Of(("job_id", World.Job)), state => state switch
        {
            State.Draft or State.Unreadable => Table.Needs.Phrase, // a place that no approved definition uses, or that nobody can read
            State.Changed => Table.Needs.Yes,
            _ => Table.Needs.Nothing,
        }),
        new("cancel_job", Of(("job_id", World.Job)), Always(Table.Needs.Part)),
        new("add_job_task", Of(("job_id", World.Job), ("table", "more")), Armed(Table.Needs.Yes, Table.Needs.Phrase)),
        new("update_job_task", Of(("job_id", World.Job), ("task_id", World.First), ("table", "other")), Armed(Table.Needs.Yes, Table.Needs.Phrase)),
        new("move_job_task", Of(("job_id", World.Job), ("task_id", World.First), ("position", 2)), Armed(Table.Needs.Yes, Table.Needs.Phrase)),
        new("delete_job_task", Of(("job_id", World.Job), ("task_id", World.First)), Armed(Table.Needs.Yes, Table.Needs.Phrase, Table.Needs.Part)),
    ];

    private static Rule[] Transformations() =>
    [
        new("create_transformation", Starting("""{"name":"new","destination_connection":"PLACE"}""", "trigger", new() { ["type"] = "Scheduled", ["schedule_cron"] = "0 0 2 1 1 *" }), Armed(Table.Needs.Yes, Table.Needs.Phrase)),
        new("update_transformation", Of(("transformation_id", World.Net), ("settings", new JsonObject { ["verbosity"] = "Error" })), Armed(Table.Needs.Phrase, Table.Needs.Phrase)),
        new("delete_transformation", Of(("transformation_id", World.Net)), Always(Table.Needs.Phrase)),
        // there is no plain SQL
        new("execute_transformation", Of(("transformation_id", World.Net)), state => state is State.Approved or State.Armed ? Table.Needs.Nothing : Table.Needs.Phrase),
        new("add_transformation_task", Of(("transformation_id", World.Net), ("query", "DELETE FROM c")), Armed(Table.Needs.Phrase, Table.Needs.Phrase)),
        new("update_transformation_task", Of(("transformation_id", World.Net), ("task_id", World.First), ("query", "DELETE FROM c")), Armed(Table.Needs.Phrase, Table.Needs.Phrase)),
        new("move_transformation_task", Of(("transformation_id", World.Net), ("task_id", World.First), ("position", 2)), Armed(Table.Needs.Phrase, Table.Needs.Phrase)),
        new("delete_transformation_task", Of(("transformation_id", World.Net), ("task_id", World.First)), Armed(Table.Needs.Phrase, Table.Needs.Phrase, Table.Needs.Part)),
    ];

    private static Rule[] Pipelines() =>
    [
        new("create_pipeline", Starting("""{"name":"new"}""", "schedule", Daily), Armed(Table.Needs.Yes, Table.Needs.Yes)),
        new("update_pipeline", Of(("pipeline_id", World.Line), ("settings", new JsonObject { ["continue_on_error"] = true })), Armed(Table.Needs.Yes, Table.Needs.Phrase)),
        new("delete_pipeline", Of(("pipeline_id", World.Line)), Always(Table.Needs.Phrase)),
        new("execute_pipeline", Of(("pipeline_id", World.Line)), state => state is State.Approved or State.Armed ? Table.Needs.Nothing : Table.Needs.Phrase),
        new("cancel_pipeline", Of(("pipeline_id", World.Line)), Always(Table.Needs.Part)),
        new("create_pipeline_step", Of(("pipeline_id", World.Line), ("type", "Event"), ("entity", World.Report), ("position", 1)), Armed(Table.Needs.Yes, Table.Needs.Phrase)),
        new("update_pipeline_step", Of(("pipeline_id", World.Line), ("step_id", World.First), ("enabled", false)), Armed(Table.Needs.Yes, Table.Needs.Phrase)),
        new("move_pipeline_step", Of(("pipeline_id", World.Line), ("step_id", World.First), ("position", 3)), Armed(Table.Needs.Yes, Table.Needs.Phrase)),
        new("delete_pipeline_step", Of(("pipeline_id", World.Line), ("step_id", World.First)), Armed(Table.Needs.Yes, Table.Needs.Phrase, Table.Needs.Part)),
    ];

    private static Rule[] Events() =>
    [
        new("create_event", Of(("pipeline_id", World.Line), ("name", "new"), ("script", "log(2)")), Always(Table.Needs.Nothing)),
        new("update_event", Of(("pipeline_id", World.Line), ("event_id", World.Report), ("script", "log(2)")), Armed(Table.Needs.Phrase, Table.Needs.Phrase)),
        new("delete_event", Of(("pipeline_id", World.Line), ("event_id", World.Report)), Armed(Table.Needs.Yes, Table.Needs.Yes, Table.Needs.Part)),
    ];

    private static Rule[] Users() =>
    [
        new("create_user", Of(("user", "bob"), ("password", "Long-enough-0")), Always(Table.Needs.Phrase)),
        new("update_user", Of(("user_id", World.User), ("is_active", false)), Always(Table.Needs.Phrase)),
        new("delete_user", Of(("user_id", World.User)), Always(Table.Needs.Phrase)),
        new("generate_user_token", Of(("user_id", World.User)), Always(Table.Needs.Phrase)),
    ];

    // Made so that it starts by itself, where the world does.
    private static Func<State, JsonObject> Starting(string arguments, string member, JsonObject starts) => state =>
    {
        var made = Parsed(arguments.Replace("SOURCE", World.Source, StringComparison.Ordinal).Replace("PLACE", World.Place, StringComparison.Ordinal));
        if (RunsByItself(state))
            made[member] = starts.DeepClone();
        return made;
    };
}
