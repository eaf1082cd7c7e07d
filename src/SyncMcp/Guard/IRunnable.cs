namespace SyncMcp.Guard;

/// <summary>Something that can run, as the server shows it or as a call would leave it. The guard knows no kinds beside these: a person approves the definition of each.</summary>
internal interface IRunnable
{
    /// <summary>The word for what it is: <c>job</c>, <c>transformation</c>, <c>pipeline</c> or <c>event</c>.</summary>
    string Kind { get; }

    /// <summary>Its id; empty for one that is about to be made.</summary>
    string Id { get; }

    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>State of it at the server, where the server has those.</summary>
    string? ETag { get; }

    /// <summary>Its own schedule or trigger starts it, whatever else does.</summary>
    bool IsScheduled { get; }

    /// <summary>When, in its own words.</summary>
    string? Schedule { get; }

    /// <summary>What the server says of its present run; null where it does not say.</summary>
    string? Status { get; }

    /// <summary>The connection that it reads; null where it reads none.</summary>
    System.Text.Json.Nodes.JsonObject? ReadsFrom { get; }

    /// <summary>The connection that it writes or works in; null where it has none.</summary>
    System.Text.Json.Nodes.JsonObject? WritesTo { get; }

    /// <summary>What in it makes a consent typed, each in words; what cannot be read among it.</summary>
    IReadOnlyList<string> Raises();

    /// <summary>All of its own that decides what it does; what it starts has definitions of its own.</summary>
    /// <param name="adopted">Existing tables that it may write.</param>
    Definition Definition(IEnumerable<string>? adopted = null);

    /// <summary>Its part of a question, below its name: endpoints first, then what it does in short, then SQL and scripts whole.</summary>
    void Describe(QuestionText text, Judgement judged);

    /// <summary>What of it stands in one line of a list: what is moved where, or how it works.</summary>
    string InShort();
}
