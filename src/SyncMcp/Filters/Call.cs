using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SyncMcp.Client;
using SyncMcp.Tools;

namespace SyncMcp.Filters;

/// <summary>One tool call on its way through the filters: each filter reads what the earlier ones left here.</summary>
internal sealed class Call
{
    /// <summary>The request as the SDK gives it.</summary>
    public required RequestContext<CallToolRequestParams> Mcp { get; init; }

    /// <summary>Name of the tool.</summary>
    public required string Tool { get; init; }

    /// <summary>The operation behind an endpoint tool; null for a tool that spans operations or does not exist.</summary>
    public Endpoint? Endpoint { get; init; }

    /// <summary>The tool where it is one that spans operations; null for an endpoint tool.</summary>
    public OwnTool? Own { get; init; }

    /// <summary>What the guard asks for at least.</summary>
    public Tier Tier => Endpoint?.Tier ?? Own?.Tier ?? Tier.Reads;

    /// <summary>What kind of thing it does.</summary>
    public Kind Kind => Endpoint?.Kind ?? Own?.Kind ?? Kind.Read;

    /// <summary>Of an operation that a tool performs among several: that tool.</summary>
    public string? Via { get; init; }

    /// <summary>Of a tool that spans operations: some of them change something, so that a refusal of it is audited.</summary>
    public bool Changes { get; set; }

    /// <summary>The answer that came with it was taken: what is asked later in the same call has none yet.</summary>
    public bool IsAnswerTaken { get; set; }

    /// <summary>Set by correlate: ties log lines, audit and answers together.</summary>
    public string CorrelationId { get; set; } = "";

    /// <summary>The tool's own arguments without the control arguments; coerced by validate, ids resolved by resolve.</summary>
    public JsonObject Arguments { get; set; } = [];

    /// <summary>Name of an argument that is no valid JSON text; validate refuses the call.</summary>
    public string? Unreadable { get; init; }

    /// <summary>Secrets among its arguments, in all spellings: whoever quotes them in the answer, quotes masks.</summary>
    public IReadOnlyList<string> Given { get; set; } = [];

    /// <summary>The control arguments; set by validate.</summary>
    public Controls Controls { get; set; } = new();

    /// <summary>The record made at resolve: the guard judges it, the handler receives it.</summary>
    public object? Request { get; set; }

    /// <summary>Which part of a list or of a long text is meant; set by resolve.</summary>
    public Page Page { get; set; } = new();

    /// <summary>What the guard adds to the send: If-Match, idempotency key, headers.</summary>
    public CallOptions Send { get; set; } = new();

    /// <summary>It is on its way to the server, or was: what fails from here on may have had its effect.</summary>
    public bool Sent { get; set; }

    /// <summary>How the call was consented to, for the audit; null where nothing was needed.</summary>
    public string? Consent { get; set; }

    /// <summary>Number of the audit line that says what is meant; null until the guard has written it.</summary>
    public long? Intent { get; set; }

    /// <summary>Who calls; one principal on stdio.</summary>
    public Principal Principal { get; init; } = Principal.Stdio;
}

/// <summary>Arguments that mean the same on every tool and never reach a record (contracts.md).</summary>
internal sealed record Controls
{
    /// <summary>Two-step token of D tools.</summary>
    public string? ConfirmationToken { get; init; }

    /// <summary>The same key gives the same answer again.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Members to show; <c>["*"]</c> for all.</summary>
    public IReadOnlyList<string>? Fields { get; init; }

    /// <summary>Items of a page, 1 to 200, default 25.</summary>
    public int? Limit { get; init; }

    /// <summary>Where the next page begins.</summary>
    public string? Cursor { get; init; }
}
