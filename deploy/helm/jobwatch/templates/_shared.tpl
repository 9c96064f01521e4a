{{- /* Only what Go's text/template itself has, no function of Helm: eng/check-deploy.sh renders the chart without Helm. */ -}}

{{- define "jobwatch.pod-security" }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext:
        runAsNonRoot: true
        runAsUser: {{ . }}
        runAsGroup: {{ . }}
        fsGroup: {{ . }}
        seccompProfile:
          type: RuntimeDefault
{{- end }}

{{- define "jobwatch.container-security" }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
{{- end }}

{{- define "jobwatch.resources" }}
          resources:
            {{- range $kind, $amounts := . }}
            {{ $kind }}:
              {{- range $resource, $amount := $amounts }}
              {{ $resource }}: {{ printf "%q" $amount }}
              {{- end }}
            {{- end }}
{{- end }}

{{- define "jobwatch.settings" }}
            {{- range $name, $value := . }}
            - name: {{ $name }}
              value: {{ printf "%q" $value }}
            {{- end }}
{{- end }}
