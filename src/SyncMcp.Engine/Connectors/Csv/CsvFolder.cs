using SyncMcp.Client;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>The place behind <c>URI</c>: a folder, where each file is a table, or one file.</summary>
internal sealed class CsvFolder
{
    /// <summary>Our own folder beside the tables.</summary>
    public const string StateFolder = ".sync";

    private static readonly string[] Extensions = [".csv", ".tsv", ".tab"];
    private readonly FileRoots files;
    private readonly string? single;

    private CsvFolder(FileRoots files, string place, string? single) => (this.files, Place, this.single) = (files, place, single);

    /// <summary>The folder, links resolved.</summary>
    public string Place { get; }

    /// <summary>The one file that <c>URI</c> names; null where it names a folder.</summary>
    public string? Single => single;

    /// <summary>What the connection names, checked against the allowed folders. It may be absent.</summary>
    public static CsvFolder Of(ResolvedConnection connection)
    {
        var named = connection.Properties.FirstOrDefault(property => property.Key.Equals("URI", StringComparison.OrdinalIgnoreCase)).Value;
        if (string.IsNullOrWhiteSpace(named))
            throw new ReplicationException("property_missing", "the connection has no URI; set it to the path of a folder with CSV files, or of one file.");
        var path = connection.Files.Resolve(named);
        return Directory.Exists(path) || !IsTableName(path)
            ? new(connection.Files, path, null)
            : new(connection.Files, Path.GetDirectoryName(path)!, Path.GetFileName(path));
    }

    /// <summary>The tables: names of the files that may be read, in order.</summary>
    public IReadOnlyList<string> Tables()
    {
        if (single is not null)
            return File.Exists(Path.Combine(Place, single)) ? [single] : [];
        if (!Directory.Exists(Place))
            throw MissingFolder();
        try
        {
            return [.. Directory.EnumerateFiles(Place).Select(Path.GetFileName).OfType<string>().Where(name => IsTableName(name) && MayBeRead(name)).Order(StringComparer.Ordinal)];
        }
        catch (UnauthorizedAccessException)
        {
            throw new ReplicationException("cannot_open", $"folder {Place} cannot be listed; give this program permission to read it.");
        }
    }

    /// <summary>The file of a table that is read.</summary>
    /// <exception cref="ReplicationException">Code <c>table_missing</c>, with the nearest name, or <c>path_refused</c>.</exception>
    public string Source(string table)
    {
        if (IsPlain(table) && (single is null || single == table) && File.Exists(Path.Combine(Place, table)))
            return files.Resolve(Path.Combine(Place, table));
        var known = Tables();
        throw new ReplicationException("table_missing", single is not null
            ? $"the connection's URI names one file, {Path.Combine(Place, single)}: its only table is [{single}]{(known.Count == 0 ? ", and the file does not exist" : "")}. To read others, set URI to the folder."
            : $"there is no file \"{table}\" in {Place}.{Nearest.Hint(table, known, '"')} Tables are named as their files are, ending included: SELECT * FROM [products.csv].");
    }

    /// <summary>The file of a table that is written: <c>.csv</c> is put behind a name that ends otherwise.</summary>
    /// <exception cref="ReplicationException">Code <c>name_refused</c>, <c>table_missing</c> or <c>path_refused</c>.</exception>
    public string Destination(string table, SourceShape source)
    {
        if (!IsPlain(table) || table.Length > 200)
            throw new ReplicationException("name_refused", $"\"{table}\" cannot be the name of a file; name another destination: REPLICATE [Name] SELECT * FROM [{source.Table}].");
        var name = IsTableName(table) ? table : table + ".csv";
        if (single is not null && name != single)
        {
            if (table != Path.GetFileNameWithoutExtension(single))
                throw new ReplicationException("table_missing", $"the connection's URI names one file, {Path.Combine(Place, single)}, and the task writes \"{table}\". Name that file, REPLICATE [{single}] SELECT * FROM [{source.Table}], or set URI to a folder.");
            name = single;
        }

        if (!Directory.Exists(Place) && !Directory.Exists(Path.GetDirectoryName(Place)))
            throw MissingFolder();
        return files.Resolve(Path.Combine(Place, name));
    }

    /// <summary>The jobs that made files here, by file.</summary>
    public string? OwnerOf(string table) => CsvState.Read(Path.Combine(Place, StateFolder, table + ".state")).Owner;

    public ReplicationException MissingFolder() =>
        new("folder_missing", $"folder {Place} does not exist; make it, or correct the connection's URI (relative paths begin in the data directory's files folder).");

    /// <summary>Looks at a place once more now that its file is open: what was swapped in between the check and the opening is not used.</summary>
    public void Confirm(string path, string? opened)
    {
        if (files.Resolve(path) != path || (opened is not null && opened != path))
            throw new ReplicationException("path_refused", $"path {path} is refused: a link or another file took its place while it was opened.");
    }

    /// <summary>A name that stays in its folder.</summary>
    public static bool IsPlain(string name) =>
        name.Length > 0 && name[0] != '.' && !name.Any(c => char.IsControl(c) || c is '/' or '\\' or ':' || (OperatingSystem.IsWindows() && c is '*' or '?' or '"' or '<' or '>' or '|'));

    public static bool IsTableName(string name) => Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) && Path.GetFileName(name)[0] != '.';

    // A link out of the root is no table; naming it tells why.
    private bool MayBeRead(string name)
    {
        try
        {
            return File.Exists(files.Resolve(Path.Combine(Place, name)));
        }
        catch (ReplicationException)
        {
            return false;
        }
    }
}
