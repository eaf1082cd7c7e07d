using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using SyncMcp.Client;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;
using SyncMcp.Transports;

namespace SyncMcp.Tests.Guard.Table;

/// <summary>How a client can ask its person.</summary>
internal enum Asks
{
    /// <summary>The newest revision: the question is the call's own result.</summary>
    Native,

    /// <summary>A session of 2025-11-25: the question is a request of the server.</summary>
    Bridged,

    /// <summary>The oldest revision of sessions.</summary>
    Oldest,

    /// <summary>It says that it can ask, and declines before anybody has seen the question.</summary>
    Unseen,

    /// <summary>Pages of the web only.</summary>
    PagesOnly,

    /// <summary>Not at all.</summary>
    Mute,
}

/// <summary>What the person does; with a client that cannot ask, what the model does with a two-step token.</summary>
internal enum Reply
{
    /// <summary>Yes as the form wants it; the token, as it was given.</summary>
    Yes,

    /// <summary>A form without what it asks for; an invented token.</summary>
    Empty,

    /// <summary>No, after reading; a token that is too old.</summary>
    No,

    /// <summary>The question closed, after reading; no second call.</summary>
    Closed,

    /// <summary>Yes to another question; the token for another call.</summary>
    Other,
}

/// <summary>One client in one mode on a server that records: plays cells of the table, each in a world as new.</summary>
internal sealed class Cells : IAsyncDisposable
{
    private static readonly Dictionary<State, World> Worlds = Enum.GetValues<State>().ToDictionary(state => state, state => new World(state));

    private readonly TempFolder folder = new();
    private readonly StubServer server;
    private readonly LocalSession session;
    private readonly StateStore store;
    private readonly Approvals approvals;
    private readonly JumpingTime time;
    private World world = Worlds[State.Draft];
    private Reply reply;

    private Cells(Asks asks, Mode mode, StubServer server, JumpingTime time)
    {
        (Asks, Mode, this.server, this.time) = (asks, mode, server, time);
        var options = new ServerOptions { DataDirectory = folder["data"], OperatorFolder = folder["operator"], Mode = mode, Server = server.Address, Token = StubServer.Token, Time = time, Workspace = World.Workspace };
        store = new(new(options.OperatorFolder), time);
        approvals = new(store, GuardParts.Origin(options));
        var client = new McpClientOptions
        {
            ClientInfo = new() { Name = "table", Version = "1" },
            ProtocolVersion = asks switch { Asks.Bridged => "2025-11-25", Asks.Oldest => "2024-11-05", _ => "2026-07-28" },
        };
        if (asks != Asks.Mute)
            client.Handlers = new() { ElicitationHandler = AnswerAsync };
        if (asks == Asks.PagesOnly)
            client.Capabilities = new() { Elicitation = new() { Url = new() } };
        session = LocalSession.StartAsync(options, client, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    public Asks Asks { get; }

    public Mode Mode { get; }

    public static async Task<Cells> StartAsync(Asks asks, Mode mode)
    {
        var recording = await StubServer.StartAsync();
        var cells = new Cells(asks, mode, recording, new());
        foreach (var path in Worlds[State.Draft].Bodies.Keys)
            recording.On($"GET {path}", context => WriteAsync(context, cells.world.Bodies[path]));
        foreach (var rule in Rule.All)
        {
            var endpoint = Catalogue.Find(rule.Tool)!;
            var arguments = rule.Arguments(State.Draft);
            if (endpoint.PathMembers.Contains("workspace_id"))
                arguments["workspace_id"] ??= World.Workspace;
            recording.On($"{endpoint.Method.Method} {Foreseen.Path(endpoint, arguments)}", context => WriteAsync(context, new() { ["id"] = "made", ["token"] = "made-by-the-table" }));
        }

        return cells;
    }

    /// <summary>Plays one cell and holds what came of it against the rules.</summary>
    public async Task PlayAsync(Rule rule, State state, Reply with)
    {
        (world, reply) = (Worlds[state], with);
        store.Write(session => session.Execute("DELETE FROM approval; DELETE FROM question; DELETE FROM code; DELETE FROM token"));
        approvals.Keep(world.Approved(), "chat", "table");
        time.Jump(TimeSpan.FromSeconds(61)); // past any pause
        server.Requests.Clear();

        var arguments = rule.Arguments(state);
        var answer = await CallAsync(rule.Tool, arguments);
        if (answer.Code == "confirmation_required")
            answer = await SecondAsync(rule, arguments, answer);

        var effects = server.Requests.Count(request => !request.StartsWith("GET", StringComparison.Ordinal));
        var expected = Expected(rule.In(Mode, state));
        Assert.True(expected == (answer.Code ?? "executed") && effects == (expected == "executed" ? 1 : 0),
            $"{rule.Tool}, {Asks}, {Mode}, {with}, {state}: expected {expected}, was {answer.Code ?? "executed"} with {effects} effects\n{answer.Text}");
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        await server.DisposeAsync();
        folder.Dispose();
    }

    private string Expected(Needs needs) => (Mode, needs) switch
    {
        (Mode.ReadOnly, _) => "policy_denied",
        (_, Needs.Nothing) => "executed",
        (_, Needs.Part) when Asks is Asks.PagesOnly or Asks.Mute => reply switch
        {
            Reply.Yes => "executed",
            Reply.Empty => "token_invalid",
            Reply.No => "token_expired",
            Reply.Other => "token_mismatch",
            _ => "confirmation_required",
        },
        _ when Asks is Asks.PagesOnly or Asks.Mute => "confirmation_unavailable",
        _ when Asks is Asks.Unseen => "not_shown",
        _ => reply switch { Reply.Yes => "executed", Reply.No => "declined", Reply.Closed => "cancelled", _ => "not_confirmed" },
    };

    // The model's second call.
    private async Task<ToolResult> SecondAsync(Rule rule, JsonObject arguments, ToolResult first)
    {
        if (reply == Reply.Closed)
            return first;
        var token = (string)first.Structured["details"]!["confirmation_token"]!;
        if (reply == Reply.No)
            time.Jump(TimeSpan.FromSeconds(121));
        if (reply == Reply.Other)
            token = (string)(await CallAsync(rule.Tool == "cancel_job" ? "cancel_pipeline" : "cancel_job", rule.Tool == "cancel_job" ? new() { ["pipeline_id"] = World.Line } : new() { ["job_id"] = World.Job })).Structured["details"]!["confirmation_token"]!;
        arguments["confirmation_token"] = reply == Reply.Empty ? $"cf_{new string('0', 40)}" : token;
        return await CallAsync(rule.Tool, arguments);
    }

    private async Task<ToolResult> CallAsync(string tool, JsonObject arguments) => new(tool, await session.Client.CallToolAsync(
        new CallToolRequestParams { Name = tool, Arguments = arguments.ToDictionary(member => member.Key, member => JsonElement.Parse(member.Value?.ToJsonString() ?? "null"), StringComparer.Ordinal) },
        TestContext.Current.CancellationToken).AsTask().WaitAsync(SyncSession.Patience));

    private ValueTask<ElicitResult> AnswerAsync(ElicitRequestParams? question, CancellationToken ct)
    {
        var person = new Person();
        if (Asks != Asks.Unseen)
            time.Jump(TimeSpan.FromSeconds(3)); // read
        switch (Asks == Asks.Unseen ? Reply.No : reply)
        {
            case Reply.Yes:
                person.Confirms();
                break;
            case Reply.Empty:
                person.Accepts([]);
                break;
            case Reply.Other:
                person.Accepts(new() { ["phrase"] = "delete another", ["confirm"] = false });
                break;
            case Reply.Closed:
                person.Cancels();
                break;
        }

        return person.AnswerAsync(question, ct);
    }

    private static Task WriteAsync(Microsoft.AspNetCore.Http.HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body.ToJsonString())).AsTask();
    }
}
