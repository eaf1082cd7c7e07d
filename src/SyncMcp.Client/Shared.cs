
namespace SyncMcp.Client;

/// <summary>Points at another thing by id, or by name where that is unique.</summary>
public sealed record Reference
{
    /// <summary>Its id.</summary>
    public string? Id { get; init; }

    /// <summary>Its name; ignored on write when the id is given.</summary>
    public string? Name { get; init; }

    /// <summary>An id where the text looks like one (see <see cref="LooksLikeId"/>), else a name.</summary>
    public static Reference Parse(string text) => LooksLikeId(text) ? new() { Id = text } : new() { Name = text };

    /// <summary>True for a GUID, for <c>default</c> and for a predefined role: such a text is always an id.</summary>
    public static bool LooksLikeId(string text) => text == "default" || Words.Roles.Contains(text) || Guid.TryParse(text, out _);
}

/// <summary>When something runs by itself.</summary>
public sealed record Schedule
{
    /// <summary>False keeps the expression.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Second minute hour day month weekday (SUN to SAT), server's time zone: 0 0 2 * * *</summary>
    public string? Cron { get; init; }
}

/// <summary>Mail after a run.</summary>
public sealed record Alerts
{
    /// <summary>Mail after each run.</summary>
    public bool? SendEmail { get; init; }

    /// <summary>Recipients, separated by commas.</summary>
    public string? EmailTo { get; init; }

    /// <summary>Only after failures.</summary>
    public bool? EmailErrorOnly { get; init; }

    /// <summary>Subject of the mail.</summary>
    public string? EmailSubject { get; init; }
}

/// <summary>What the caller may do with a thing.</summary>
public sealed record Permissions
{
    /// <summary>May change it.</summary>
    public bool? CanUpdate { get; init; }

    /// <summary>May delete it.</summary>
    public bool? CanDelete { get; init; }

    /// <summary>May run it.</summary>
    public bool? CanExecute { get; init; }
}

/// <summary>The words that the API takes where only certain words are taken.</summary>
public static class Words
{
    /// <summary>Ids of the predefined roles.</summary>
    public static readonly string[] Roles = ["cdata_admin", "cdata_standard", "cdata_job_creator", "cdata_support"];

    /// <summary>Detail of logs.</summary>
    public static readonly string[] Verbosity = ["None", "Error", "Info", "Transfer", "Verbose"];
}

/// <summary>Length limits of texts that users write.</summary>
public static class Limits
{
    /// <summary>Of a name, in characters.</summary>
    public const int Name = 200;

    /// <summary>Of a query or script, in characters.</summary>
    public const int Code = 100_000;
}
