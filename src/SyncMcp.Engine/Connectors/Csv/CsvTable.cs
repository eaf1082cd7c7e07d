using System.Globalization;
using System.Text;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>An open file with the names of its columns.</summary>
internal sealed class CsvTable : IDisposable
{
    private readonly byte[][] nulls;

    private CsvTable(CsvFile file, IReadOnlyList<string> columns, long offset, long line, byte[] lineEnd) =>
        (File, Columns, RowsOffset, RowsLine, LineEnd, nulls) = (file, columns, offset, line, lineEnd, [.. file.Dialect.Nulls]);

    public CsvFile File { get; }

    /// <summary>Names in the header, or Col1, Col2 … where there is none.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Where the first row begins.</summary>
    public long RowsOffset { get; }

    /// <summary>The line where the first row begins.</summary>
    public long RowsLine { get; }

    /// <summary>As the first line ends.</summary>
    public byte[] LineEnd { get; }

    /// <summary>Opens the file of a table and reads its header.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="path">The file.</param>
    /// <param name="dialect">How it is spelled.</param>
    /// <param name="known">Names of the columns of a file of ours, where it has no header.</param>
    /// <exception cref="ReplicationException">It cannot be opened, or its first row is no header.</exception>
    public static CsvTable Open(CsvFolder folder, string path, CsvDialect dialect, IReadOnlyList<string>? known = null)
    {
        var file = CsvFile.Open(folder, path, dialect);
        try
        {
            return Open(file, known);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads rows from an offset on; the beginning is <see cref="RowsOffset"/>.</summary>
    public RecordReader Rows(long offset, long line)
    {
        var reader = new RecordReader(File, File.CanSeek ? offset : 0, File.CanSeek ? line : 1) { SkipsEmptyLines = Columns.Count > 1 };
        if (!File.CanSeek && File.Dialect.HasHeader)
            _ = reader.Read();
        return reader;
    }

    /// <summary>An empty value or a null text, without quotes.</summary>
    public bool IsNull(RecordReader row, int place)
    {
        if (row.IsQuoted(place))
            return false;
        var value = row[place];
        if (value.IsEmpty)
            return true;
        foreach (var text in nulls)
        {
            if (value.SequenceEqual(text))
                return true;
        }

        return false;
    }

    public void Dispose() => File.Dispose();

    private static CsvTable Open(CsvFile file, IReadOnlyList<string>? known)
    {
        var reader = new RecordReader(file) { SkipsEmptyLines = true };
        if (!reader.Read())
            throw CsvErrors.Empty(file.Path);
        for (var i = 0; i < reader.Count; i++)
        {
            if (reader[i].Contains((byte)0))
                throw CsvErrors.NotText(file.Path);
        }

        byte[] lineEnd = reader.LineEnd.IsEmpty ? [(byte)'\n'] : reader.LineEnd.ToArray();
        return file.Dialect.HasHeader
            ? new(file, Names(file, reader), reader.Offset, reader.NextLine, lineEnd)
            : new(file, known?.Count == reader.Count ? known : [.. Enumerable.Range(1, reader.Count).Select(i => "Col" + i.ToString(CultureInfo.InvariantCulture))], file.MarkLength, 1, lineEnd);
    }

    private static List<string> Names(CsvFile file, RecordReader reader)
    {
        var names = new List<string>();
        for (var i = 0; i < reader.Count; i++)
        {
            var name = Encoding.UTF8.GetString(reader[i]).Trim();
            if (name.Length == 0)
                throw Invalid(file, $"column {i + 1} of {reader.Count} has no name");
            if (names.FindIndex(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var twin)
                throw Invalid(file, $"columns {twin + 1} and {i + 1} are both named \"{Shown(name)}\" (case does not count)");
            if (name.Any(char.IsControl))
                throw Invalid(file, $"the name of column {i + 1} holds control characters");
            names.Add(name);
        }

        return names;
    }

    private static ReplicationException Invalid(CsvFile file, string trouble) => new(
        "header_invalid", $"{file.Path}: {trouble} in the header. Name each column once in the first line; if the first line is a row already, set the connection's Include Column Headers to false: the columns are then named Col1, Col2 and so on.");

    private static string Shown(string name) => name.Length > 60 ? name[..60] + "…" : name;
}
