-- Adding an authority makes its partition of every partitioned table, with row security forced.
CREATE OR REPLACE FUNCTION add_partitions(aid bigint, only_table regclass DEFAULT NULL) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s' AS $f$
DECLARE parent record; tenant record; made int := 0; part text;
BEGIN
  FOR parent IN SELECT c.oid, c.relname FROM pg_partitioned_table p
      JOIN pg_class c ON c.oid = p.partrelid
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
     WHERE p.partstrat = 'l' AND a.attname = 'authority_id'
       AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
       AND (only_table IS NULL OR c.oid = only_table) ORDER BY c.relname LOOP
    FOR tenant IN SELECT id FROM dps_authority WHERE aid IS NULL OR id = aid ORDER BY id LOOP
      part := left(parent.relname, 48) || '_a' || tenant.id;
      IF to_regclass(quote_ident(part)) IS NULL THEN
        -- LIKE and ATTACH do not lock readers of the parent out; PARTITION OF would.
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS '
          'INCLUDING GENERATED)', part, parent.relname);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%s)',
          parent.relname, part, tenant.id);
        made := made + 1;
      END IF;
    END LOOP;
  END LOOP;
  RETURN made;
END $f$;
REVOKE EXECUTE ON FUNCTION add_partitions(bigint, regclass) FROM PUBLIC;
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'dps_system') THEN
    GRANT EXECUTE ON FUNCTION add_partitions(bigint, regclass) TO dps_system;
  END IF;
END $$;
