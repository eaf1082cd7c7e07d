using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors.Kit;

/// <summary>A file, folder or server as its own tools see it: tests make tables there and look at rows past the connector.</summary>
public abstract class KitPlace : IAsyncDisposable
{
    /// <summary>What the connector gets.</summary>
    public abstract ResolvedConnection Connection { get; }

    /// <summary>Values that do not fit a column's type are refused where rows come from another kind.</summary>
    public abstract bool IsTyped { get; }

    /// <summary>A source here says which column is the key.</summary>
    public virtual bool KnowsKeys => true;

    /// <summary>A source here says which types its columns have.</summary>
    public virtual bool KnowsTypes => true;

    /// <summary>A source here can go on in the middle, and reads what is new by its check column alone.</summary>
    public virtual bool Resumes => true;

    /// <summary>Makes the table, with the types that the type map names, and fills it.</summary>
    public abstract void Make(KitTable table);

    /// <summary>Inserts rows, or puts them in the place of those with their key.</summary>
    public abstract void Put(KitTable table, params IReadOnlyList<string?[]> rows);

    /// <summary>Deletes rows by their key, given in full.</summary>
    public abstract void Delete(KitTable table, params IReadOnlyList<string?[]> rows);

    /// <summary>Adds a column that is null in each row.</summary>
    public abstract void AddColumn(KitTable table, KitColumn column);

    /// <summary>Drops a column.</summary>
    public abstract void DropColumn(KitTable table, string column);

    /// <summary>The rows as they are there, in the order of the columns given.</summary>
    public abstract IReadOnlyList<string?[]> Rows(KitTable table);

    /// <summary>What a task reads here: with what the place does not know of its own.</summary>
    public string Query(KitTable table, string select = "*", string where = "")
    {
        var parts = new List<string>();
        if (!KnowsTypes)
        {
            // Of SQLite's names all but one mean the same in PostgreSQL, where REAL has four bytes.
            parts.AddRange(table.Columns.Where(column => column.Type.Kind != LogicalKind.Any)
                .Select(column => $"[{column.Name}] {(column.Type.Kind == LogicalKind.Real ? "DOUBLE PRECISION" : TypeMap.Declare("SQLite", column.Type))}"));
        }

        if (!KnowsKeys && table.Key.Count > 0)
            parts.Add($"PRIMARY KEY({string.Join(", ", table.Key.Select(name => $"[{name}]"))})");
        return $"REPLICATE [{table.Name}]{(parts.Count > 0 ? $" ({string.Join(", ", parts)})" : "")} SELECT {select} FROM [{SourceName(table)}]{(where.Length > 0 ? $" WHERE {where}" : "")}";
    }

    /// <summary>How a source here calls the table.</summary>
    public virtual string SourceName(KitTable table) => table.Name;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
