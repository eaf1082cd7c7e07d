using System.Text;

namespace SyncMcp.Client.Replicate;

/// <summary>
/// What <c>CHECKCACHE [Dest] AGAINST [Source] WITH REPAIR SKIP DELETED START value END value</c> asks for: the copy is compared with the source row by row,
/// by key and values. Everything after the source may be left out.
/// </summary>
/// <remarks>The form is the vendor's (older pages); what its parts mean in detail is inferred.</remarks>
public sealed record CacheCheck
{
    /// <summary>Make the copy equal; else differences are counted and nothing is written.</summary>
    public bool Repair { get; init; }

    /// <summary>Rows that are gone at the source are neither counted nor deleted.</summary>
    public bool SkipDeleted { get; init; }

    /// <summary>Only rows whose check column is at or above: a date, a date with time, or an integer; null for no bound.</summary>
    public string? Start { get; init; }

    /// <summary>Only rows whose check column is below; null for no bound.</summary>
    public string? End { get; init; }

    /// <summary>Rows of the copy that are gone at the source are looked for. Not within bounds: what lies in them at the source may lie elsewhere in the copy.</summary>
    public bool LooksForDeleted => !SkipDeleted && Start is null && End is null;

    /// <summary>As the statement writes it behind the source; with a space before it, or empty.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Repair ? " WITH REPAIR" : "").Append(SkipDeleted ? " SKIP DELETED" : "");
        if (Start is not null)
            text.Append(" START ").Append(SqlDialect.Text(Start));
        if (End is not null)
            text.Append(" END ").Append(SqlDialect.Text(End));
        return text.ToString();
    }
}
