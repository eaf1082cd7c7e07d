using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>What a person must do before a call is sent.</summary>
internal enum Need
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Say yes.</summary>
    Confirm,

    /// <summary>Type a phrase.</summary>
    Phrase,
}

/// <summary>What the guard found out about a call: the state it meets, what it needs, and what is approved by it.</summary>
internal sealed record Plan
{
    /// <summary>What a person must do.</summary>
    public Need Need { get; init; }

    /// <summary>A D call that touches nothing armed: clients that cannot ask get the two-step token, and an unattended server lets it pass.</summary>
    public bool IsPart { get; init; }

    /// <summary>The whole question; empty where nothing is needed.</summary>
    public string Question { get; init; } = "";

    /// <summary>What must be typed where a phrase is needed.</summary>
    public string? Phrase { get; init; }

    /// <summary>Hash of all that the question rests on: when it changes, the answer is void.</summary>
    public string State { get; init; } = "";

    /// <summary>The definitions that the call leads to; kept as approved when it was consented to, or as having run when it was plain.</summary>
    public IReadOnlyList<Definition> Definitions { get; init; } = [];

    /// <summary>The definitions are in force already (a run), so that consent counts before the call is sent.</summary>
    public bool InForce { get; init; }

    /// <summary>Nothing was asked because the definition is plain: it is kept as having run.</summary>
    public bool Plain { get; init; }

    /// <summary>Existing destination tables that the engine may let the job write.</summary>
    public IReadOnlyList<string> Adopt { get; init; } = [];

    /// <summary>State of the target at the server.</summary>
    public string? ETag { get; init; }

    /// <summary>What the call meets, for the audit.</summary>
    public JsonObject Snapshot { get; init; } = [];
}
